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
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

import cloud.requence.task.TaskWatcherStatus;

/**
 * The partitions that this instance reads, what it handles of each, and how far it is
 * behind. A partition is written by the thread that reads it, and read by any thread.
 */
final class AssignedPartitions implements ConsumerAwareRebalanceListener {

	private static final long LAG_PERIOD = Duration.ofSeconds(1).toNanos();

	private final Map<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();

	private final Runnable onChange;

	// Whether this instance is a member of the group, with or without partitions
	private volatile boolean joined;

	/**
	 * Create an instance without partitions.
	 * @param onChange called after partitions were assigned or revoked
	 */
	AssignedPartitions(Runnable onChange) {
		this.onChange = onChange;
	}

	@Override
	public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
		assigned.forEach((partition) -> this.partitions.put(partition, new Partition()));
		this.joined = true;
		this.onChange.run();
	}

	@Override
	public void onPartitionsRevokedAfterCommit(Consumer<?, ?> consumer, Collection<TopicPartition> revoked) {
		remove(revoked);
	}

	@Override
	public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> lost) {
		remove(lost);
	}

	private void remove(Collection<TopicPartition> removed) {
		this.partitions.keySet().removeAll(removed);
		this.onChange.run();
	}

	void clear() {
		this.partitions.clear();
		this.joined = false;
	}

	boolean isJoined() {
		return this.joined;
	}

	boolean isEmpty() {
		return this.partitions.isEmpty();
	}

	/**
	 * Return the partition of a record.
	 */
	Partition of(ConsumerRecord<?, ?> record) {
		return this.partitions.computeIfAbsent(new TopicPartition(record.topic(), record.partition()),
				(key) -> new Partition());
	}

	/**
	 * Ask a consumer how far it is behind. Called on its thread; nothing is requested.
	 */
	void observe(Consumer<?, ?> consumer) {
		consumer.assignment().forEach((key) -> {
			Partition partition = this.partitions.get(key);
			if (partition != null) {
				partition.observe(key, consumer);
			}
		});
	}

	List<TaskWatcherStatus.Partition> status() {
		return this.partitions.entrySet()
			.stream()
			.map((entry) -> new TaskWatcherStatus.Partition(entry.getKey().topic(), entry.getKey().partition(),
					entry.getValue().lag))
			.sorted(Comparator.comparing(TaskWatcherStatus.Partition::topic)
				.thenComparing(TaskWatcherStatus.Partition::partition))
			.toList();
	}

	/**
	 * Return the records that are being handled, or wait to be handled again.
	 */
	Stream<RecordAttempt> attempts() {
		return this.partitions.values().stream().map((partition) -> partition.attempt).filter(Objects::nonNull);
	}

	/**
	 * Return whether a thread handles a record at present.
	 */
	boolean isHandledBy(Thread thread) {
		return attempts().anyMatch((attempt) -> attempt.thread() == thread);
	}

	/**
	 * Return since when the record is handled that takes longest.
	 */
	@Nullable Instant handlingSince() {
		return attempts().map(RecordAttempt::since).min(Comparator.naturalOrder()).orElse(null);
	}

	/**
	 * A partition that is assigned to this instance.
	 */
	static final class Partition {

		private volatile @Nullable RecordAttempt attempt;

		private volatile @Nullable Long lag;

		private long observedAt = System.nanoTime() - LAG_PERIOD;

		private long polledAt = System.nanoTime();

		/**
		 * Return the attempt to handle a record, a new one unless it was begun before.
		 */
		RecordAttempt begin(ConsumerRecord<byte[], byte[]> record) {
			RecordAttempt earlier = this.attempt;
			RecordAttempt current = (earlier != null && earlier.record().offset() == record.offset()) ? earlier
					: new RecordAttempt(record);
			current.handledBy(Thread.currentThread());
			this.attempt = current;
			return current;
		}

		void end(ConsumerRecord<?, ?> record, Consumer<?, ?> consumer) {
			this.attempt = null;
			if (System.nanoTime() - this.observedAt >= LAG_PERIOD) {
				observe(new TopicPartition(record.topic(), record.partition()), consumer);
			}
		}

		private void observe(TopicPartition key, Consumer<?, ?> consumer) {
			this.observedAt = System.nanoTime();
			OptionalLong current = consumer.currentLag(key);
			this.lag = current.isPresent() ? Long.valueOf(current.getAsLong()) : null;
		}

		/**
		 * Return whether it is time to poll, and begin to count anew if it is. Called
		 * before each record, and must not be {@code true} for a record twice.
		 */
		boolean isPollDue(long afterNanos) {
			long now = System.nanoTime();
			boolean due = now - this.polledAt > afterNanos;
			if (due) {
				this.polledAt = now;
			}
			return due;
		}

	}

}
