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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.listener.AcknowledgingMessageListener;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerProperties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link UpdateConsumers}, with a consumer whose commits fail.
 */
class UpdateConsumersTests {

	private static final TopicPartition KEY = new TopicPartition("updates", 0);

	private final List<Long> read = new CopyOnWriteArrayList<>();

	@Test
	void aRecordIsReadAgainThoughTheCommitOfThoseBeforeItFails() {
		UpdateConsumers consumers = new UpdateConsumers(
				new KafkaSettings(KEY.topic(), "invoices", 1, null, null, Map.of(), Map.of()));
		ContainerProperties properties = consumers.containerProperties();
		properties.setMessageListener((AcknowledgingMessageListener<byte[], byte[]>) (record, acknowledgment) -> {
			this.read.add(record.offset());
			if (record.offset() == 1 && Collections.frequency(this.read, 1L) == 1) {
				acknowledgment.nack(Duration.ZERO);
			}
			else {
				acknowledgment.acknowledge();
			}
		});
		ConsumerFactory<byte[], byte[]> factory = mock();
		given(factory.getConfigurationProperties()).willReturn(Map.of("auto.offset.reset", "earliest"));
		given(factory.createConsumer(any(), any(), any(), any())).willReturn(new FailingCommits());
		ConcurrentMessageListenerContainer<byte[], byte[]> container = consumers.container(factory, properties);
		try {
			container.start();
			await().untilAsserted(() -> assertThat(this.read).containsExactly(0L, 1L, 1L, 2L));
		}
		finally {
			container.stop();
		}
	}

	/**
	 * A consumer of three records that cannot commit.
	 */
	private static final class FailingCommits extends MockConsumer<byte[], byte[]> {

		private FailingCommits() {
			super("earliest");
			updateBeginningOffsets(Map.of(KEY, 0L));
			schedulePollTask(() -> {
				rebalance(List.of(KEY));
				addRecords(0);
			});
		}

		private void addRecords(long from) {
			for (long offset = from; offset < 3; offset++) {
				addRecord(new ConsumerRecord<>(KEY.topic(), KEY.partition(), offset, new byte[0], new byte[0]));
			}
		}

		@Override
		public synchronized void seek(TopicPartition partition, long offset) {
			super.seek(partition, offset);
			addRecords(offset);
		}

		@Override
		public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
			throw new CommitFailedException();
		}

		@Override
		public synchronized void commitAsync(Map<TopicPartition, OffsetAndMetadata> offsets,
				OffsetCommitCallback callback) {
			callback.onComplete(offsets, new CommitFailedException());
		}

	}

}
