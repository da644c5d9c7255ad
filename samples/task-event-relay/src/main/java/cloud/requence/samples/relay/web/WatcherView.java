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

package cloud.requence.samples.relay.web;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.CatchUp;
import cloud.requence.task.TaskWatcherStatus.State;

/**
 * What the page says of the watcher of this instance.
 *
 * @param role leader or standby
 * @param state what it does
 * @param since since when it does that
 * @param healthy whether the state is as it should be
 * @param position the last position that it has published; {@code null} if this instance
 * has published none
 * @param lag how far it is behind the platform, in words
 * @param problem why it is not connected or does not deliver; {@code null} if it does
 */
public record WatcherView(String role, String state, Instant since, boolean healthy, @Nullable Long position,
		String lag, @Nullable String problem) {

	static WatcherView of(TaskWatcherStatus status, Display show) {
		State state = status.state();
		boolean standby = state == State.STANDBY;
		boolean streaming = state == State.STREAMING && status.stall() == null;
		Instant disconnected = status.connection().disconnectedSince();
		return new WatcherView(standby ? "standby" : "leader", text(state),
				(disconnected != null && !standby) ? disconnected : status.stateSince(), standby || streaming,
				status.deliveredPosition(), lag(status, show), problem(status, standby));
	}

	private static String text(State state) {
		return switch (state) {
			case STREAMING -> "connected";
			case STANDBY -> "another instance watches";
			case CONNECTING -> "connecting";
			case REFUSED -> "refused by the platform";
			case PAUSED -> "paused";
			case STOPPED -> "stopped";
			case BACKING_OFF -> "not connected";
		};
	}

	private static String lag(TaskWatcherStatus status, Display show) {
		if (status.state() == State.STANDBY) {
			return "known to the leader";
		}
		if (status.state() != State.STREAMING) {
			return "unknown";
		}
		if (status.caughtUp()) {
			return "none, " + show.number(status.backlog().updates()) + " in progress";
		}
		CatchUp catchUp = status.catchUp();
		return (catchUp != null)
				? show.duration(catchUp.behind()) + " behind, " + show.rate(catchUp.updatesPerSecond()) + " updates/s"
				: "unknown";
	}

	private static @Nullable String problem(TaskWatcherStatus status, boolean standby) {
		if (status.stall() != null) {
			return status.stall().reason();
		}
		return standby ? null : status.connection().lastError();
	}

}
