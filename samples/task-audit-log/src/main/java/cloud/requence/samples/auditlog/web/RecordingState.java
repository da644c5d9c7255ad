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

package cloud.requence.samples.auditlog.web;

import java.time.Instant;

import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.State;
import org.jspecify.annotations.Nullable;

/**
 * Whether this instance records what the platform sends: a log that is complete to its
 * last entry says nothing of what has happened since then.
 *
 * @param connected whether updates are recorded as they come
 * @param state what a page says
 * @param since since when it is not connected; {@code null} if it is
 */
public record RecordingState(boolean connected, String state, @Nullable Instant since) {

	static RecordingState of(TaskWatcherStatus status) {
		State state = status.state();
		if (state == State.STREAMING) {
			if (status.stall() != null) {
				return new RecordingState(false, "stalled", null);
			}
			return new RecordingState(true, status.caughtUp() ? "connected" : "connected, catching up", null);
		}
		if (state == State.STANDBY) {
			return new RecordingState(true, "by another instance", null);
		}
		Instant disconnected = status.connection().disconnectedSince();
		return new RecordingState(false, text(state), (disconnected != null) ? disconnected : status.stateSince());
	}

	private static String text(State state) {
		return switch (state) {
			case CONNECTING -> "connecting";
			case REFUSED -> "refused by the platform";
			case PAUSED -> "paused";
			case STOPPED -> "stopped";
			default -> "not connected";
		};
	}

}
