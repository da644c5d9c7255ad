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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import cloud.requence.samples.relay.monitoring.TopicState.DeadLetters;

/**
 * Follows a topic of dead letters, and knows those that were not replayed yet. If there
 * are more than it may list, it lists the oldest, and reads the others again when half of
 * those are replayed.
 * <p>
 * Used by one thread.
 */
class DeadLetterIndex {

	private static final Duration POLL = Duration.ofMillis(100);

	private final int maxLetters;

	private final Map<String, DeadLetter> letters = new LinkedHashMap<>();

	private final Map<TopicPartition, Long> next = new HashMap<>();

	// Where the letters begin for which there was no room
	private final Map<TopicPartition, Long> left = new HashMap<>();

	private DeadLetters known = new DeadLetters(List.of(), true);

	DeadLetterIndex(int maxLetters) {
		this.maxLetters = maxLetters;
	}

	/**
	 * Read what has come since the last call.
	 * @param consumer reads, with no other thread
	 * @param beginnings the first offsets of the partitions
	 * @param ends the offsets behind the last record of the partitions
	 * @param deadline when to stop, by {@link System#nanoTime()}
	 * @return the dead letters
	 */
	DeadLetters read(Consumer<String, byte[]> consumer, Map<TopicPartition, Long> beginnings,
			Map<TopicPartition, Long> ends, long deadline) {
		boolean recreated = ends.entrySet().stream().anyMatch((end) -> nextOf(end.getKey()) > end.getValue());
		if (recreated) {
			this.letters.clear();
			this.left.clear();
			this.next.clear();
		}
		else if (this.letters.size() <= this.maxLetters / 2) {
			this.next.putAll(this.left);
			this.left.clear();
		}
		beginnings.forEach((partition, begin) -> this.next.merge(partition, begin, Math::max));
		if (isBehind(ends)) {
			consumer.assign(ends.keySet());
			ends.keySet().forEach((partition) -> consumer.seek(partition, nextOf(partition)));
			while (isBehind(ends) && System.nanoTime() - deadline < 0) {
				consumer.poll(POLL).forEach(this::apply);
				ends.keySet().forEach((partition) -> this.next.put(partition, consumer.position(partition)));
			}
			this.known = new DeadLetters(List.copyOf(this.letters.values()), !this.left.isEmpty() || isBehind(ends));
		}
		else if (this.known.more() && this.left.isEmpty()) {
			this.known = new DeadLetters(List.copyOf(this.letters.values()), false);
		}
		return this.known;
	}

	private boolean isBehind(Map<TopicPartition, Long> ends) {
		return ends.entrySet().stream().anyMatch((end) -> nextOf(end.getKey()) < end.getValue());
	}

	private long nextOf(TopicPartition partition) {
		return this.next.getOrDefault(partition, 0L);
	}

	private void apply(ConsumerRecord<String, byte[]> record) {
		if (record.key() == null) {
			return;
		}
		this.letters.remove(record.key());
		if (record.value() == null) {
			return;
		}
		if (this.letters.size() < this.maxLetters) {
			this.letters.put(record.key(), DeadLetter.of(record));
		}
		else {
			this.left.putIfAbsent(new TopicPartition(record.topic(), record.partition()), record.offset());
		}
	}

}
