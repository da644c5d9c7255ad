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

package cloud.requence.task;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The state of a {@link TaskWatcher} at one moment.
 *
 * @param name the name of the watcher
 * @param state what it does
 * @param stateSince since when it does that
 * @param running whether it is running
 * @param expectedToRun whether it should be running: it was started and has not been
 * stopped by hand
 * @param stopReason why it has stopped; {@code null} if it is running, or never was
 * @param receivedPosition the last position that was received; {@code null} before the
 * first
 * @param deliveredPosition the last position that was delivered, filtered, or failed for
 * good; {@code null} before the first
 * @param outcomeUnknown why the outcome of listeners cannot be known; {@code null} if it
 * can
 * @param caughtUp whether it is up to date
 * @param catchUp how far it is while it is not up to date; {@code null} if it is, or if
 * nothing is known yet
 * @param connection the state of the connection
 * @param updates the numbers of updates by outcome
 * @param backlog the updates that were received and are not yet delivered
 * @param contexts the contexts of open tasks in memory
 * @param acknowledgements the numbers of acknowledgements by outcome
 * @param gaps where updates may be missing
 * @param checkpoint the durable progress of the deliveries; {@code null} without a store
 * @param paused whether it is paused, or will be as soon as it watches
 * @param stall what prevents it from reaching its expected state; {@code null} if nothing
 * does
 * @param partitions the partitions of a Kafka topic that this instance reads; empty if
 * the updates come from the platform
 */
public record TaskWatcherStatus(String name, State state, Instant stateSince, boolean running, boolean expectedToRun,
		TaskWatcherStoppedEvent.@Nullable Reason stopReason, @Nullable Long receivedPosition,
		@Nullable Long deliveredPosition, @Nullable String outcomeUnknown, boolean caughtUp, @Nullable CatchUp catchUp,
		Connection connection, Updates updates, Backlog backlog, Contexts contexts, Acknowledgements acknowledgements,
		Gaps gaps, @Nullable Checkpoint checkpoint, boolean paused, @Nullable Stall stall, List<Partition> partitions) {

	/**
	 * Create a status.
	 */
	public TaskWatcherStatus {
		partitions = List.copyOf(partitions);
	}

	/**
	 * Create the status of a watcher of the platform that is neither paused nor stalled.
	 * @param name the name of the watcher
	 * @param state what it does
	 * @param stateSince since when it does that
	 * @param running whether it is running
	 * @param expectedToRun whether it should be running
	 * @param stopReason why it has stopped
	 * @param receivedPosition the last position that was received
	 * @param deliveredPosition the last position that was delivered
	 * @param outcomeUnknown why the outcome of listeners cannot be known
	 * @param caughtUp whether it is up to date
	 * @param catchUp how far it is while it is not up to date
	 * @param connection the connection
	 * @param updates the updates
	 * @param backlog the updates that were received and are not yet delivered
	 * @param contexts the contexts of open tasks in memory
	 * @param acknowledgements the acknowledgements
	 * @param gaps where updates may be missing
	 * @param checkpoint how far the deliveries are durable
	 */
	public TaskWatcherStatus(String name, State state, Instant stateSince, boolean running, boolean expectedToRun,
			TaskWatcherStoppedEvent.@Nullable Reason stopReason, @Nullable Long receivedPosition,
			@Nullable Long deliveredPosition, @Nullable String outcomeUnknown, boolean caughtUp,
			@Nullable CatchUp catchUp, Connection connection, Updates updates, Backlog backlog, Contexts contexts,
			Acknowledgements acknowledgements, Gaps gaps, @Nullable Checkpoint checkpoint) {
		this(name, state, stateSince, running, expectedToRun, stopReason, receivedPosition, deliveredPosition,
				outcomeUnknown, caughtUp, catchUp, connection, updates, backlog, contexts, acknowledgements, gaps,
				checkpoint, false, null, List.of());
	}

	/**
	 * What a watcher does.
	 */
	public enum State {

		/**
		 * It is not running.
		 */
		STOPPED,

		/**
		 * It waits for the response of the platform.
		 */
		CONNECTING,

		/**
		 * It is connected.
		 */
		STREAMING,

		/**
		 * It waits before it connects again, or leads and cannot connect yet, for example
		 * as its checkpoint store fails.
		 */
		BACKING_OFF,

		/**
		 * The platform has refused the access token.
		 */
		REFUSED,

		/**
		 * It is paused.
		 */
		PAUSED,

		/**
		 * Another instance of the application is the leader, or has written the
		 * checkpoint.
		 */
		STANDBY

	}

	/**
	 * The progress of a watcher that is catching up.
	 *
	 * @param since since when it is behind
	 * @param updates how many updates it has received since then
	 * @param behind how old the newest of them is, by the clock of this application
	 * @param updatesPerSecond how many it receives a second
	 * @param remaining how long it will take; {@code null} if the distance does not
	 * shrink
	 */
	public record CatchUp(Instant since, long updates, Duration behind, double updatesPerSecond,
			@Nullable Duration remaining) {

	}

	/**
	 * The state of the connection.
	 *
	 * @param connectedSince since when it is connected; {@code null} if it is not
	 * @param disconnectedSince since when it is not connected; {@code null} if it is, or
	 * was never started. A connection that ends before an update arrives or before two
	 * first delays have passed does not count
	 * @param everConnected whether it has ever been connected
	 * @param lastByte when the last byte came; {@code null} before the first
	 * @param lastUpdate when the last update came; {@code null} before the first
	 * @param connects how often it was connected
	 * @param failures how many attempts have failed in a row
	 * @param totalFailures how many attempts and connections have failed altogether
	 * @param retryIn how long it waits before the next attempt; {@code null} if it does
	 * not
	 * @param lastError why the last connection failed; {@code null} after a success
	 * @param lastErrorKind the kind of that failure, such as {@code UNREACHABLE};
	 * {@code null} if none
	 * @param lastErrorStatus the HTTP status of that failure; {@code null} if none
	 */
	public record Connection(@Nullable Instant connectedSince, @Nullable Instant disconnectedSince,
			boolean everConnected, @Nullable Instant lastByte, @Nullable Instant lastUpdate, long connects,
			int failures, long totalFailures, @Nullable Duration retryIn, @Nullable String lastError,
			@Nullable String lastErrorKind, @Nullable Integer lastErrorStatus) {

	}

	/**
	 * The numbers of updates by outcome, since the application started.
	 *
	 * @param received how many were received, repeats included
	 * @param delivered how many were delivered
	 * @param filtered how many were filtered
	 * @param failed how many have failed for good
	 * @param retries how many deliveries were repeated
	 * @param repeats how many were dropped because they had been received before
	 * @param malformed how many could not be decoded
	 * @param oversized how many exceeded the maximum size of an event
	 */
	public record Updates(long received, long delivered, long filtered, long failed, long retries, long repeats,
			long malformed, long oversized) {

	}

	/**
	 * The updates that were received and are not yet delivered.
	 *
	 * @param updates how many updates
	 * @param bytes their size in bytes
	 * @param deliveringSince since when the listeners have the current update;
	 * {@code null} if they have none
	 * @param waitingSince since when the oldest of them is the oldest, or since the
	 * delivery was started or resumed; {@code null} if none waits, or if the delivery is
	 * paused or not running. While updates are delivered, this time advances; if it does
	 * not, the delivery is stuck: a listener hangs, an update is retried, or the
	 * checkpoint cannot be saved. A missing acknowledgement of the application is not a
	 * reason
	 * @param held how many of them are held up: they have failed and are retried or wait
	 * for their context, or are behind one that does
	 * @param full whether nothing more is read as too many updates wait behind others of
	 * their root task, although those of other tasks could be delivered
	 * @param subscribers the subscribers of {@link TaskWatcher#updates()} that the
	 * delivery has waited for during ten seconds or more, as they request no update: the
	 * line and the thread that subscribed
	 */
	public record Backlog(int updates, long bytes, @Nullable Instant deliveringSince, @Nullable Instant waitingSince,
			int held, boolean full, List<String> subscribers) {

		/**
		 * Create a backlog.
		 */
		public Backlog {
			subscribers = List.copyOf(subscribers);
		}

		/**
		 * Create a backlog of which nothing is held up.
		 * @param updates how many updates
		 * @param bytes their size in bytes
		 * @param deliveringSince since when the listeners have the current update;
		 * {@code null} if they have none
		 */
		public Backlog(int updates, long bytes, @Nullable Instant deliveringSince) {
			this(updates, bytes, deliveringSince, null, 0, false, List.of());
		}

	}

	/**
	 * The contexts of open tasks in memory.
	 *
	 * @param tasks how many tasks
	 * @param bytes their size in bytes
	 * @param evicted how many were removed to stay within the limits
	 */
	public record Contexts(int tasks, long bytes, long evicted) {

	}

	/**
	 * The numbers of acknowledgements by outcome.
	 *
	 * @param pending how many wait or are being sent
	 * @param sent how many the platform has accepted
	 * @param failed how many were dropped, as the platform refused them
	 * @param left how many ends of tasks are left unacknowledged, as no listener took
	 * them
	 * @param awaited how many ends of tasks were delivered, and the checkpoint waits for
	 * the application to acknowledge them
	 */
	public record Acknowledgements(int pending, long sent, long failed, long left, int awaited) {

	}

	/**
	 * Where updates may be missing from the stream.
	 *
	 * @param count how many gaps were found since the application started
	 * @param last the last one; {@code null} if there was none
	 */
	public record Gaps(long count, @Nullable Gap last) {

	}

	/**
	 * A part of the stream in which updates may be missing.
	 *
	 * @param reason why they may be missing
	 * @param fromPosition the last position received before the gap; {@code null} if
	 * there is none
	 * @param fromTime the time of the last update received before the gap, by the
	 * platform's clock; {@code null} if it is not known
	 * @param toPosition the position at the end of the gap; {@code null} if it is not
	 * known, as after a refused position: the next update may come much later
	 * @param toTime when the gap was found, by the clock of this application
	 */
	public record Gap(TaskWatcherGapEvent.Reason reason, @Nullable Long fromPosition, @Nullable Instant fromTime,
			@Nullable Long toPosition, Instant toTime) {

		/**
		 * Return the gap from the beginning of this one to the end of another.
		 * @param later the other gap
		 * @return both gaps and what is between them
		 */
		public Gap through(Gap later) {
			return new Gap(this.reason, this.fromPosition, this.fromTime, later.toPosition, later.toTime);
		}

	}

	/**
	 * The durable progress of the deliveries.
	 *
	 * @param position the position of the last checkpoint; {@code null} before the first
	 * @param savedAt when it was saved; {@code null} before the first
	 * @param unsaved how many updates were finished since then
	 * @param acknowledgementsDue how many acknowledgements it carries
	 * @param lastError why the last attempt to save has failed; {@code null} if it has
	 * not
	 */
	public record Checkpoint(@Nullable Long position, @Nullable Instant savedAt, int unsaved, int acknowledgementsDue,
			@Nullable String lastError) {

	}

	/**
	 * A partition of a Kafka topic.
	 *
	 * @param topic the topic
	 * @param partition the number of the partition
	 * @param lag how many records of it are not read yet; {@code null} if that is not
	 * known
	 */
	public record Partition(String topic, int partition, @Nullable Long lag) {

	}

	/**
	 * What prevents a watcher from reaching its expected state. A stall that is a few
	 * seconds old is normal.
	 *
	 * @param since since when
	 * @param reason what it is, in words
	 */
	public record Stall(Instant since, String reason) {

	}

}
