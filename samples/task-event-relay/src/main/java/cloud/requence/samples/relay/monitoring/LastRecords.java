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

package cloud.requence.samples.relay.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the last record of each partition. It is not always the one in front of the end:
 * transactions leave markers there.
 * <p>
 * Used by one thread.
 */
class LastRecords {

	private static final Duration POLL = Duration.ofMillis(100);

	// A record and its marker, and some transactions that were rolled back
	private static final List<Integer> DISTANCES = List.of(3, 500);

	private final Map<TopicPartition, Last> known = new HashMap<>();

	/**
	 * Read the records in front of the ends that have changed since the last call.
	 * @param consumer reads, with no other thread
	 * @param beginnings the first offsets of the partitions
	 * @param ends the offsets behind the last record of the partitions
	 * @param deadline when to stop, by {@link System#nanoTime()}
	 * @return what was found
	 */
	Map<TopicPartition, Last> read(Consumer<String, byte[]> consumer, Map<TopicPartition, Long> beginnings,
			Map<TopicPartition, Long> ends, long deadline) {
		this.known.keySet().retainAll(ends.keySet());
		this.known.entrySet().removeIf((last) -> last.getValue().end != end(ends, last.getKey()));
		for (int distance : DISTANCES) {
			List<TopicPartition> missing = ends.keySet()
				.stream()
				.filter((partition) -> !this.known.containsKey(partition)
						&& beginnings.getOrDefault(partition, 0L) < end(ends, partition))
				.toList();
			if (!missing.isEmpty()) {
				consumer.assign(missing);
				missing.forEach((partition) -> consumer.seek(partition,
						Math.max(beginnings.getOrDefault(partition, 0L), end(ends, partition) - distance)));
				read(consumer, missing, ends, deadline);
			}
		}
		return Map.copyOf(this.known);
	}

	private void read(Consumer<String, byte[]> consumer, Collection<TopicPartition> partitions,
			Map<TopicPartition, Long> ends, long deadline) {
		while (partitions.stream().anyMatch((partition) -> consumer.position(partition) < end(ends, partition))
				&& System.nanoTime() - deadline < 0) {
			for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
				TopicPartition partition = new TopicPartition(record.topic(), record.partition());
				long end = end(ends, partition);
				if (record.offset() < end) {
					this.known.put(partition, new Last(end, record.offset(), DeadLetter.position(record),
							Instant.ofEpochMilli(record.timestamp())));
				}
			}
		}
	}

	private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
		return ends.getOrDefault(partition, 0L);
	}

	/**
	 * The last record of a partition.
	 *
	 * @param end the end of the partition
	 * @param offset the offset of the record
	 * @param position the position of its update
	 * @param at when it was written
	 */
	record Last(long end, long offset, @Nullable Long position, Instant at) {

	}

}
