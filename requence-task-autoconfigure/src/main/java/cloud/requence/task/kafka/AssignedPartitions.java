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

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.RecordInterceptor;

import cloud.requence.task.TaskWatcherStatus;

/**
 * The partitions that this instance reads, what it handles of each, and how far it is
 * behind. A partition is written by the thread that reads it, and read by any thread.
 * <p>
 * Each consumer has partitions of its own: one that has not polled in time may lose a
 * partition to another one of this instance, and hear of that later.
 */
final class AssignedPartitions implements ConsumerAwareRebalanceListener, RecordInterceptor<byte[], byte[]> {

	private static final long LAG_PERIOD = TimeUnit.SECONDS.toNanos(1);

	private final Map<Consumer<?, ?>, Reader> readers = new ConcurrentHashMap<>();

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
		this.readers.forEach((other, reader) -> {
			if (other != consumer) {
				reader.supersede(assigned);
			}
		});
		Reader reader = reader(consumer);
		assigned.forEach((partition) -> reader.partitions.put(partition, new Partition(partition)));
		this.joined = true;
		this.onChange.run();
	}

	@Override
	public void onPartitionsRevokedAfterCommit(Consumer<?, ?> consumer, Collection<TopicPartition> revoked) {
		remove(consumer, revoked);
	}

	@Override
	public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> lost) {
		remove(consumer, lost);
	}

	private void remove(Consumer<?, ?> consumer, Collection<TopicPartition> removed) {
		this.readers.computeIfPresent(consumer, (key, reader) -> {
			reader.partitions.keySet().removeAll(removed);
			return reader.partitions.isEmpty() ? null : reader;
		});
		this.onChange.run();
	}

	private Reader reader(Consumer<?, ?> consumer) {
		return this.readers.computeIfAbsent(consumer, (key) -> new Reader());
	}

	void clear() {
		this.readers.clear();
		this.joined = false;
	}

	boolean isJoined() {
		return this.joined;
	}

	boolean isEmpty() {
		return current().findAny().isEmpty();
	}

	/**
	 * Return the partition of a record.
	 * @param record the record
	 * @param consumer the consumer that has read it
	 */
	Partition of(ConsumerRecord<?, ?> record, Consumer<?, ?> consumer) {
		return reader(consumer).partitions.computeIfAbsent(new TopicPartition(record.topic(), record.partition()),
				Partition::new);
	}

	/**
	 * Called on the thread of a consumer before each of its polls: all records that it
	 * has read are handled, apart from those that are read again.
	 */
	@Override
	public void setupThreadState(Consumer<?, ?> consumer) {
		Reader reader = this.readers.get(consumer);
		if (reader != null) {
			reader.polls(consumer);
		}
	}

	@Override
	public ConsumerRecord<byte[], byte[]> intercept(ConsumerRecord<byte[], byte[]> record,
			Consumer<byte[], byte[]> consumer) {
		return record;
	}

	/**
	 * Return whether a consumer has to poll before it handles its next record, as it has
	 * not done so for a time, or as the partition may be another one's.
	 */
	boolean isPollDue(Partition partition, Consumer<?, ?> consumer, long afterNanos) {
		return partition.superseded || System.nanoTime() - reader(consumer).polledAt > afterNanos;
	}

	/**
	 * The delivery was resumed: what waits does so from now on.
	 */
	void resumed() {
		current().forEach(Partition::resumed);
	}

	List<TaskWatcherStatus.Partition> status() {
		Map<TopicPartition, Partition> unique = current()
			.collect(Collectors.toMap((partition) -> partition.key, Function.identity(), (first, second) -> first));
		return unique.values()
			.stream()
			.map((partition) -> new TaskWatcherStatus.Partition(partition.key.topic(), partition.key.partition(),
					partition.lag))
			.sorted(Comparator.comparing(TaskWatcherStatus.Partition::topic)
				.thenComparing(TaskWatcherStatus.Partition::partition))
			.toList();
	}

	private Stream<Partition> current() {
		return all().filter((partition) -> !partition.superseded);
	}

	private Stream<Partition> all() {
		return this.readers.values().stream().flatMap((reader) -> reader.partitions.values().stream());
	}

	/**
	 * Return the records that are being handled or wait to be handled again, and are
	 * those of this instance as far as is known.
	 */
	Stream<RecordAttempt> attempts() {
		return current().map((partition) -> partition.attempt).filter(Objects::nonNull);
	}

	/**
	 * Return whether a thread handles a record at present.
	 */
	boolean isHandledBy(Thread thread) {
		return all().map((partition) -> partition.attempt)
			.filter(Objects::nonNull)
			.anyMatch((attempt) -> attempt.thread() == thread);
	}

	/**
	 * Return since when the record is handled that takes longest.
	 */
	@Nullable Instant handlingSince() {
		return all().map((partition) -> partition.attempt)
			.filter(Objects::nonNull)
			.map(RecordAttempt::since)
			.min(Comparator.naturalOrder())
			.orElse(null);
	}

	/**
	 * Return since when the record that waits longest is the next one of its partition.
	 */
	@Nullable Instant waitingSince() {
		return current().map((partition) -> partition.waitingSince)
			.filter(Objects::nonNull)
			.min(Comparator.naturalOrder())
			.orElse(null);
	}

	/**
	 * A consumer and its partitions.
	 */
	private static final class Reader {

		private final Map<TopicPartition, Partition> partitions = new ConcurrentHashMap<>();

		private volatile long polledAt = System.nanoTime();

		void supersede(Collection<TopicPartition> assigned) {
			assigned.forEach((key) -> {
				Partition partition = this.partitions.get(key);
				if (partition != null) {
					partition.superseded = true;
				}
			});
		}

		void polls(Consumer<?, ?> consumer) {
			this.polledAt = System.nanoTime();
			consumer.assignment().forEach((key) -> {
				Partition partition = this.partitions.get(key);
				if (partition != null) {
					partition.polls(consumer);
				}
			});
		}

	}

	/**
	 * A partition that is assigned to a consumer of this instance.
	 */
	static final class Partition {

		private final TopicPartition key;

		private volatile @Nullable RecordAttempt attempt;

		private volatile @Nullable Long lag;

		// Since when the next record is the next one, null if none waits
		private volatile @Nullable Instant waitingSince;

		// Whether it was assigned to another consumer, until this one polls
		private volatile boolean superseded;

		private long observedAt = System.nanoTime() - LAG_PERIOD;

		private Partition(TopicPartition key) {
			this.key = key;
		}

		/**
		 * Return the attempt to handle a record, a new one unless it was begun before.
		 */
		RecordAttempt begin(ConsumerRecord<byte[], byte[]> record) {
			RecordAttempt earlier = this.attempt;
			RecordAttempt current = (earlier != null && earlier.record().offset() == record.offset()) ? earlier
					: new RecordAttempt(record);
			current.handledBy(Thread.currentThread());
			this.attempt = current;
			if (this.waitingSince == null) {
				this.waitingSince = Instant.now();
			}
			return current;
		}

		void end(ConsumerRecord<?, ?> record, Consumer<?, ?> consumer) {
			this.attempt = null;
			// Whether there is a next one shows before the next poll
			this.waitingSince = Instant.now();
			if (System.nanoTime() - this.observedAt >= LAG_PERIOD) {
				long left = consumer.position(this.key) - record.offset() - 1;
				observe(consumer, Math.max(0, left));
			}
		}

		private void polls(Consumer<?, ?> consumer) {
			this.superseded = false;
			observe(consumer, 0);
			if (this.attempt == null) {
				Long current = this.lag;
				this.waitingSince = (current == null || current == 0) ? null
						: Objects.requireNonNullElseGet(this.waitingSince, Instant::now);
			}
		}

		/**
		 * Ask the consumer how far it is behind, which sends no request.
		 * @param consumer the consumer
		 * @param left how many of the records that it has read are not handled
		 */
		private void observe(Consumer<?, ?> consumer, long left) {
			this.observedAt = System.nanoTime();
			OptionalLong current = consumer.currentLag(this.key);
			this.lag = current.isPresent() ? Long.valueOf(current.getAsLong() + left) : null;
		}

		private void resumed() {
			if (this.waitingSince != null) {
				this.waitingSince = Instant.now();
			}
		}

	}

}
