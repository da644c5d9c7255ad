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

import cloud.requence.samples.dashboard.watcher.WatcherView;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.State;
import org.jspecify.annotations.Nullable;

/**
 * What can be seen of the tasks at present.
 *
 * @param blindSince since when the watcher is not connected; {@code null} if it is
 * @param reason why it is not, in words
 * @param catchingUp whether what is seen is not up to date
 * @param waitingSince since when updates wait for the history; {@code null} if none does
 */
record Sight(@Nullable Instant blindSince, @Nullable String reason, boolean catchingUp,
		@Nullable Instant waitingSince) {

	static Sight of(TaskWatcherStatus status, Instant now) {
		Instant waiting = WatcherView.waitingSince(status, now);
		if (status.state() == State.STREAMING && status.connection().connectedSince() != null) {
			return new Sight(null, (waiting != null) ? "Updates wait for the database of the history." : null,
					!status.caughtUp(), waiting);
		}
		Instant since = status.connection().disconnectedSince();
		Instant blindSince = (since != null && status.state() != State.PAUSED) ? since : status.stateSince();
		return new Sight(blindSince, reason(status), false, waiting);
	}

	private static String reason(TaskWatcherStatus status) {
		return switch (status.state()) {
			case REFUSED -> "The platform refuses the access token.";
			case PAUSED -> "The watcher is paused.";
			case STOPPED -> "The watcher is stopped.";
			case STANDBY -> "Another instance watches.";
			case STREAMING, CONNECTING,
					BACKING_OFF ->
				(status.connection().lastError() != null)
						? "The platform cannot be reached: " + status.connection().lastError()
						: "The watcher is not connected yet.";
		};
	}

	/**
	 * Return whether what is missing in the history has not happened.
	 */
	boolean isClear() {
		return this.blindSince == null && !this.catchingUp && this.waitingSince == null;
	}

	/**
	 * Return since when nothing is known of the tasks.
	 * @return the time; {@code null} if what is known may be old, but is known
	 */
	@Nullable Instant unknownSince() {
		return (this.blindSince != null) ? this.blindSince : this.waitingSince;
	}

	boolean isBlindFor(Duration duration, Instant now) {
		return this.blindSince != null && !this.blindSince.plus(duration).isAfter(now);
	}

}
