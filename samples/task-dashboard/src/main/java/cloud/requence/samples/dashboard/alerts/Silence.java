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
package cloud.requence.samples.dashboard.alerts;

import java.time.Duration;
import java.time.Instant;

import cloud.requence.task.TaskWatcherStatus;
import org.jspecify.annotations.Nullable;

/**
 * For how long no update has come. Updates that were missed while the watcher was not
 * connected come when it is again, so that a short interruption changes nothing. For use
 * by one thread.
 */
final class Silence {

	private static final Duration INTERRUPTION = Duration.ofMinutes(1);

	private long received;

	private @Nullable Instant since;

	/**
	 * Take the present state of the watcher into account.
	 */
	void observe(TaskWatcherStatus status, Sight sight, Instant now) {
		if (sight.isBlindFor(INTERRUPTION, now)) {
			this.since = null;
		}
		else if (this.since == null) {
			this.since = latest(status.connection().connectedSince(), status.connection().lastUpdate());
		}
		if (status.updates().received() != this.received) {
			this.received = status.updates().received();
			Instant last = status.connection().lastUpdate();
			this.since = (last != null) ? last : now;
		}
	}

	private static @Nullable Instant latest(@Nullable Instant first, @Nullable Instant second) {
		return (first == null || second != null && second.isAfter(first)) ? second : first;
	}

	/**
	 * Return how long the silence is.
	 */
	Duration duration(Instant now) {
		return (this.since != null) ? Duration.between(this.since, now) : Duration.ZERO;
	}

}
