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
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.checkpoint.Checkpointer;
import cloud.requence.task.checkpoint.ResumePoint;

/**
 * Finds out where to resume, and lets the components forget what is outdated.
 */
final class StartPointResolver {

	private final PlatformToken accessToken;

	private final Supplier<Instant> since;

	private final Runnable requirements;

	// What was opened and not applied counts as new the next time
	private volatile boolean outdated;

	StartPointResolver(PlatformToken accessToken, Supplier<Instant> since, Runnable requirements) {
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
			checkpointer.check(this.accessToken.baseUrl());
		}
	}

	/**
	 * Find out where to resume, which may take as long as the store does.
	 * @param checkpointer saves the checkpoint; {@code null} if there is none
	 */
	Start open(@Nullable Checkpointer checkpointer) {
		URI baseUrl = this.accessToken.baseUrl();
		if (checkpointer == null) {
			return new Start(baseUrl, new ResumePoint(true, this.since.get(), null, List.of()));
		}
		this.requirements.run();
		ResumePoint point = checkpointer.open(baseUrl, this.since);
		if (!point.known()) {
			this.outdated = true;
		}
		return new Start(baseUrl, point);
	}

	/**
	 * Prepare the components, if what they know is outdated. Does not block.
	 * @return since when updates are wanted, if there is no position
	 */
	Instant apply(Start start, WatcherComponents components) {
		ResumePoint point = start.point();
		boolean otherPlatform = this.accessToken.watch(start.baseUrl());
		boolean known = !this.outdated;
		this.outdated = false;
		if (otherPlatform || !known) {
			components.pipeline().restart(point.position());
			components.queue().restart(point.position());
			components.acknowledger().clear();
		}
		Checkpointer checkpointer = components.checkpointer();
		if (checkpointer != null && !known) {
			checkpointer.acknowledgeDue();
		}
		return point.since();
	}

	/**
	 * Where a run of the watcher starts.
	 */
	record Start(URI baseUrl, ResumePoint point) {

	}

}
