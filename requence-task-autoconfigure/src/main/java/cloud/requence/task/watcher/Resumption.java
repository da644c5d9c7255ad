/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package cloud.requence.task.watcher;

import java.net.URI;
import java.time.Instant;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.AccessToken;
import cloud.requence.task.checkpoint.Checkpointer;
import cloud.requence.task.checkpoint.ResumePoint;

/**
 * Finds out where to go on, and lets the stages forget what is no longer true.
 */
final class Resumption {

	private final Supplier<AccessToken> accessToken;

	private final Supplier<Instant> since;

	private final Runnable requirements;

	Resumption(Supplier<AccessToken> accessToken, Supplier<Instant> since, Runnable requirements) {
		this.accessToken = accessToken;
		this.since = since;
		this.requirements = requirements;
	}

	/**
	 * Fail if the checkpoint cannot be used.
	 */
	void check(@Nullable Checkpointer checkpointer) {
		if (checkpointer != null) {
			this.requirements.run();
			checkpointer.check(baseUrl());
		}
	}

	/**
	 * Prepare the stages.
	 * @return since when updates are wanted, if there is no position
	 */
	Instant prepare(Stages stages) {
		Checkpointer checkpointer = stages.checkpointer();
		if (checkpointer == null) {
			return this.since.get();
		}
		this.requirements.run();
		ResumePoint point = checkpointer.open(baseUrl(), this.since);
		if (!point.known()) {
			stages.pipeline().restart(point.position());
			stages.lookAhead().restart(point.position());
			stages.acknowledger().clear();
			point.acknowledgements()
				.forEach(
						(taskId) -> stages.acknowledger().acknowledge(taskId, () -> checkpointer.acknowledged(taskId)));
		}
		return point.since();
	}

	private URI baseUrl() {
		return this.accessToken.get().baseUrl();
	}

}
