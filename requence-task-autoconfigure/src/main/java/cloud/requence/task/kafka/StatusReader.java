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

package cloud.requence.task.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;

import org.apache.kafka.common.Metric;

import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.acknowledgement.Acknowledger;
import cloud.requence.task.delivery.DeliveryCounters;
import cloud.requence.task.watcher.DeliveryParts;

/**
 * Reads the state of a watcher of a topic, from memory.
 */
final class StatusReader {

	private static final String LAST_HEARTBEAT = "last-heartbeat-seconds-ago";

	// Several of Kafka's heartbeats, which are sent every few seconds
	private static final Duration MAX_SILENCE = Duration.ofSeconds(15);

	private final DeliveryParts parts;

	private final AssignedPartitions partitions;

	private final UpdateRecordListener listener;

	private final ConcurrentMessageListenerContainer<byte[], byte[]> container;

	StatusReader(DeliveryParts parts, AssignedPartitions partitions, UpdateRecordListener listener,
			ConcurrentMessageListenerContainer<byte[], byte[]> container) {
		this.parts = parts;
		this.partitions = partitions;
		this.listener = listener;
		this.container = container;
	}

	/**
	 * Read the state.
	 * @param since when a start, a stop, a pause or an assignment has changed it last
	 * @param running whether the watcher is running
	 * @param paused whether it is paused
	 * @param outcome why it has stopped, and whether it should be running
	 */
	TaskWatcherStatus read(Instant since, boolean running, boolean paused, KafkaTaskWatcher.Outcome outcome) {
		Duration silence = running ? silence() : Duration.ZERO;
		State state = state(running, paused, silence);
		Instant stateSince = (state == State.BACKING_OFF) ? Instant.now().minus(silence) : since;
		List<TaskWatcherStatus.Partition> assigned = running ? this.partitions.status() : List.of();
		TaskWatcherStatus.Backlog backlog = backlog(assigned, running && !paused);
		boolean caughtUp = state == State.STREAMING && backlog.deliveringSince() == null
				&& backlog.waitingSince() == null
				&& assigned.stream().allMatch((partition) -> Long.valueOf(0).equals(partition.lag()));
		return new TaskWatcherStatus(this.parts.name(), state, stateSince, running, outcome.expectedToRun(),
				outcome.stopReason(), null, null, this.parts.outcomeUnknown().get(), caughtUp, null,
				connection(state, stateSince), updates(), backlog, new TaskWatcherStatus.Contexts(0, 0, 0),
				acknowledgements(), new TaskWatcherStatus.Gaps(0, null), null, paused, null, assigned);
	}

	private State state(boolean running, boolean paused, Duration silence) {
		if (!running) {
			return State.STOPPED;
		}
		if (silence.compareTo(MAX_SILENCE) > 0) {
			return State.BACKING_OFF;
		}
		if (!this.partitions.isJoined()) {
			return State.CONNECTING;
		}
		if (paused) {
			return State.PAUSED;
		}
		return this.partitions.isEmpty() ? State.STANDBY : State.STREAMING;
	}

	/**
	 * Return for how long no broker has answered to heartbeats.
	 */
	private Duration silence() {
		OptionalDouble seconds = this.container.metrics()
			.values()
			.stream()
			.flatMap((metrics) -> metrics.values().stream())
			.filter((metric) -> metric.metricName().name().equals(LAST_HEARTBEAT))
			.map(Metric::metricValue)
			.filter(Double.class::isInstance)
			.mapToDouble(Double.class::cast)
			.filter((value) -> value >= 0)
			.min();
		return Duration.ofSeconds((long) seconds.orElse(0));
	}

	private TaskWatcherStatus.Connection connection(State state, Instant stateSince) {
		boolean connected = switch (state) {
			case STREAMING, PAUSED, STANDBY -> true;
			case STOPPED, CONNECTING, BACKING_OFF, REFUSED -> false;
		};
		return new TaskWatcherStatus.Connection(connected ? stateSince : null, connected ? null : stateSince,
				this.partitions.isJoined(), null, null, 0, 0, 0, null, null, null, null);
	}

	private TaskWatcherStatus.Updates updates() {
		DeliveryCounters counters = this.parts.updates().counters();
		return new TaskWatcherStatus.Updates(this.listener.received(), counters.delivered(), counters.filtered(),
				counters.failed(), counters.retries(), 0, this.listener.unreadable(), 0);
	}

	private TaskWatcherStatus.Backlog backlog(List<TaskWatcherStatus.Partition> assigned, boolean delivering) {
		long lag = assigned.stream().mapToLong((partition) -> (partition.lag() != null) ? partition.lag() : 0).sum();
		return new TaskWatcherStatus.Backlog((int) Math.min(lag, Integer.MAX_VALUE), 0, this.partitions.handlingSince(),
				delivering ? this.partitions.waitingSince() : null, 0, false, this.parts.delivered().holders());
	}

	private TaskWatcherStatus.Acknowledgements acknowledgements() {
		Acknowledger acknowledger = this.parts.acknowledger();
		return new TaskWatcherStatus.Acknowledgements(acknowledger.pending(), acknowledger.sent(),
				acknowledger.failed(), acknowledger.left(), 0);
	}

}
