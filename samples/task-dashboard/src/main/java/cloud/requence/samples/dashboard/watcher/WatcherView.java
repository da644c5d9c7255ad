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

package cloud.requence.samples.dashboard.watcher;

import java.time.Duration;
import java.time.Instant;

import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.task.TaskWatcherStatus;
import org.jspecify.annotations.Nullable;

/**
 * What a browser sees of the watcher. Times are in milliseconds since the epoch.
 *
 * @param state what the watcher does
 * @param since since when
 * @param failures how many attempts to connect have failed in a row
 * @param retryAt when the next attempt is made; {@code null} if none is waited for
 * @param error why the last connection failed; {@code null} after a success
 * @param errorStatus the HTTP status of that failure
 * @param caughtUp whether it is up to date
 * @param catchUp how far it is while it is not
 * @param backlog how many updates wait for the board
 * @param position the last position that was received
 * @param connects how often it was connected
 * @param received how many updates were received
 * @param repeats how many of them had been received before
 * @param undecodable how many updates were dropped because they cannot be decoded
 * @param failed how many updates have failed for good
 * @param outcomeUnknown why the outcome of listeners cannot be known
 * @param waitingSince since when an update waits for its delivery, if that takes long;
 * the history is probably unavailable
 * @param partitions how many partitions of a topic it reads, of which the backlog is the
 * lag
 */
public record WatcherView(TaskWatcherStatus.State state, long since, int failures, @Nullable Long retryAt,
		@Nullable String error, @Nullable Integer errorStatus, boolean caughtUp, @Nullable CatchUp catchUp, int backlog,
		@Nullable Long position, long connects, long received, long repeats, long undecodable, long failed,
		@Nullable String outcomeUnknown, @Nullable Long waitingSince, int partitions) {

	/** Less than this is only the time that a delivery takes. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	static WatcherView of(TaskWatcherStatus status, Instant now) {
		TaskWatcherStatus.Connection connection = status.connection();
		TaskWatcherStatus.Updates updates = status.updates();
		Instant since = status.stateSince();
		Instant waiting = waitingSince(status, now);
		Long retryAt = (connection.retryIn() != null) ? since.plus(connection.retryIn()).toEpochMilli() : null;
		return new WatcherView(status.state(), since.toEpochMilli(), connection.failures(), retryAt,
				BoundedText.message(connection.lastError()), connection.lastErrorStatus(), status.caughtUp(),
				CatchUp.of(status.catchUp()), status.backlog().updates(), status.receivedPosition(),
				connection.connects(), updates.received(), updates.repeats(), updates.malformed() + updates.oversized(),
				updates.failed(), status.outcomeUnknown(), (waiting != null) ? waiting.toEpochMilli() : null,
				status.partitions().size());
	}

	/**
	 * Return since when an update waits for its delivery.
	 * @param status the state of the watcher
	 * @param now the time
	 * @return the time; {@code null} if none waits for longer than a delivery takes
	 */
	public static @Nullable Instant waitingSince(TaskWatcherStatus status, Instant now) {
		// With a topic only the delivery of a record is known
		Instant since = status.partitions().isEmpty() ? status.backlog().waitingSince()
				: status.backlog().deliveringSince();
		return (since != null && since.plus(PATIENCE).isBefore(now)) ? since : null;
	}

	/**
	 * How far a watcher is that has to catch up.
	 *
	 * @param updates how many updates it has received
	 * @param behind how old the newest of them is, in milliseconds
	 * @param rate how many it receives a second
	 * @param remaining how long it will take, in milliseconds; {@code null} if it does
	 * not come nearer
	 */
	record CatchUp(long updates, long behind, long rate, @Nullable Long remaining) {

		static @Nullable CatchUp of(TaskWatcherStatus.@Nullable CatchUp progress) {
			if (progress == null) {
				return null;
			}
			Duration remaining = progress.remaining();
			return new CatchUp(progress.updates(), progress.behind().toMillis(),
					Math.round(progress.updatesPerSecond()), (remaining != null) ? remaining.toMillis() : null);
		}

	}

}
