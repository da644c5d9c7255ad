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

package cloud.requence.samples.relay.publishing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.core.ConsumerFactory;

/**
 * Reads the text that was committed last to the only partition of a compacted topic.
 * <p>
 * It is read from the end: compaction is never complete, and a relay that publishes
 * thousands of updates a second writes a checkpoint with each of its transactions.
 */
class CheckpointTopic {

	private static final int FIRST_READ = 64;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final Duration POLL = Duration.ofMillis(200);

	// That of a leader that was killed stays open until the next one begins
	private static final Duration OPEN_TRANSACTION = Duration.ofSeconds(1);

	private static final Duration PAUSE = Duration.ofMillis(10);

	private final ConsumerFactory<String, byte[]> consumers;

	private final TopicPartition partition;

	CheckpointTopic(ConsumerFactory<String, byte[]> consumers, String topic) {
		this.consumers = consumers;
		this.partition = new TopicPartition(topic, 0);
	}

	String name() {
		return this.partition.topic();
	}

	/**
	 * Read what was committed until now. A commit that has returned may not be visible
	 * yet, so that transactions which are about to end are waited for.
	 * @param key the key of the text
	 * @return the text; {@code null} if there is none
	 */
	byte @Nullable [] readLast(String key) {
		List<TopicPartition> partitions = List.of(this.partition);
		long written;
		try (Consumer<String, byte[]> consumer = createConsumer(IsolationLevel.READ_UNCOMMITTED)) {
			written = offset(consumer.endOffsets(partitions, TIMEOUT));
		}
		try (Consumer<String, byte[]> consumer = createConsumer(IsolationLevel.READ_COMMITTED)) {
			consumer.assign(partitions);
			long begin = offset(consumer.beginningOffsets(partitions, TIMEOUT));
			// With this isolation level the end is in front of the first open transaction
			long end = offset(consumer.endOffsets(partitions, TIMEOUT));
			long waited = System.nanoTime();
			while (end < written && System.nanoTime() - waited < OPEN_TRANSACTION.toNanos()) {
				LockSupport.parkNanos(PAUSE.toNanos());
				end = offset(consumer.endOffsets(partitions, TIMEOUT));
			}
			return readLast(consumer, key, begin, end);
		}
	}

	private Consumer<String, byte[]> createConsumer(IsolationLevel isolationLevel) {
		Properties properties = new Properties();
		properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolationLevel.toString());
		properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
		properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
		properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "20");
		return this.consumers.createConsumer(null, null, "-checkpoint", properties);
	}

	private byte @Nullable [] readLast(Consumer<String, byte[]> consumer, String key, long begin, long end) {
		long deadline = System.nanoTime() + TIMEOUT.toNanos();
		long from = end;
		for (long size = FIRST_READ; from > begin; size *= 16) {
			long until = from;
			from = Math.max(begin, end - size);
			consumer.seek(this.partition, from);
			byte[] found = null;
			while (consumer.position(this.partition, TIMEOUT) < until) {
				if (System.nanoTime() - deadline >= 0) {
					throw new IllegalStateException("The topic " + name() + " cannot be read up to its end");
				}
				for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
					found = (record.offset() < until && key.equals(record.key())) ? record.value() : found;
				}
			}
			if (found != null) {
				return found;
			}
		}
		return null;
	}

	private long offset(Map<TopicPartition, Long> offsets) {
		return offsets.getOrDefault(this.partition, 0L);
	}

}
