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

package cloud.requence.task.checkpoint;

import java.net.URI;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How far the updates of a watcher were delivered.
 *
 * @param baseUrl the platform that the position belongs to
 * @param since where to begin if there is no position, or if the platform refuses it
 * @param position the highest position below which everything is done with; {@code null}
 * before the first
 * @param acknowledgements the tasks whose ends are to be acknowledged and may not yet
 * have been
 * @param writer who has written it
 * @param revision grows with each attempt to write, so that no two have the same text
 */
record Checkpoint(URI baseUrl, Instant since, @Nullable Long position, List<String> acknowledgements, String writer,
		long revision) {

	Checkpoint {
		acknowledgements = List.copyOf(acknowledgements);
	}

	static Checkpoint first(URI baseUrl, Instant since, String writer) {
		return new Checkpoint(baseUrl, since, null, List.of(), writer, 1);
	}

	/**
	 * Return the beginning of a checkpoint behind updates.
	 * @param newest the time of the newest of them; {@code null} if it is not known
	 */
	Instant sinceAfter(@Nullable Instant newest) {
		return ResumeTime.notBefore(this.since, newest);
	}

	Checkpoint claimedBy(String writer) {
		return new Checkpoint(this.baseUrl, this.since, this.position, this.acknowledgements, writer,
				this.revision + 1);
	}

	Checkpoint next(@Nullable Long position, @Nullable Instant newest, List<String> acknowledgements, long revision) {
		return new Checkpoint(this.baseUrl, sinceAfter(newest), (position != null) ? position : this.position,
				acknowledgements, this.writer, revision);
	}

}
