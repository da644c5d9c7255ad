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

package cloud.requence.samples.relay.replay;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

import cloud.requence.samples.relay.RelayProperties;
import cloud.requence.samples.relay.replay.DeadLetterReplay.Replayed;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DeadLetterReplay} with clients that fail: whatever happens, the
 * transaction is ended, the producer is closed, and the next replay is possible.
 */
class DeadLetterReplayFailureTests {

	private static final String GROUP = "readers";

	private static final RelayProperties RELAY = new RelayProperties("relay", "updates", 1, null,
			Duration.ofSeconds(6));

	private static final TopicPartition LETTERS = new TopicPartition(RELAY.deadLetterTopic(GROUP), 0);

	private FakeProducer producer = new FakeProducer();

	private final DeadLetterReplay replay = new DeadLetterReplay(RELAY, (group) -> this.producer, Letters::new,
			Duration.ofSeconds(20));

	private void assertThatTheNextReplaySucceeds() {
		this.producer = new FakeProducer();
		assertThat(this.replay.replayAll(GROUP)).isEqualTo(new Replayed(2, 0));
		assertThat(this.producer.transactionCommitted()).isTrue();
	}

	@Test
	void endsATransactionThatCannotBeCommitted() {
		this.producer.commitTransactionException = new TimeoutException("The broker is away");
		assertThatExceptionOfType(ReplayException.class).isThrownBy(() -> this.replay.replayAll(GROUP))
			.withMessageContaining("The broker is away")
			.satisfies((ex) -> assertThat(ex.letters()).isZero());
		assertThat(this.producer.transactionAborted()).isTrue();
		assertThat(this.producer.closed()).isTrue();
		assertThatTheNextReplaySucceeds();
	}

	@Test
	void reportsWhyItHasFailedThoughTheTransactionCannotBeEndedEither() {
		this.producer.commitTransactionException = new TimeoutException("The broker is away");
		this.producer.abortTransactionException = new IllegalStateException("The commit must be repeated");
		assertThatExceptionOfType(ReplayException.class).isThrownBy(() -> this.replay.replayAll(GROUP))
			.withMessageContaining("The broker is away");
		assertThat(this.producer.closed()).isTrue();
		assertThatTheNextReplaySucceeds();
	}

	@Test
	void closesTheProducerAfterAnError() {
		this.producer.error = new OutOfMemoryError("Java heap space");
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> this.replay.replayAll(GROUP));
		assertThat(this.producer.closed()).isTrue();
		assertThatTheNextReplaySucceeds();
	}

	@Test
	void hasReplayedWhatItHasCommittedThoughTheProducerCannotBeClosed() {
		this.producer.closeFailure = new InterruptException("Interrupted");
		assertThat(this.replay.replayAll(GROUP)).isEqualTo(new Replayed(2, 0));
		assertThat(Thread.interrupted()).isTrue();
		assertThatTheNextReplaySucceeds();
	}

	@Test
	void waitsForTheEndOfAProducerForALimitedTime() {
		this.replay.replayAll(GROUP);
		assertThat(this.producer.closeTimeout).isLessThan(Duration.ofSeconds(10));
	}

	/**
	 * A producer that fails where it is told to.
	 */
	private static final class FakeProducer extends MockProducer<String, byte[]> {

		private OutOfMemoryError error;

		private RuntimeException closeFailure;

		private Duration closeTimeout = Duration.ofMillis(Long.MAX_VALUE);

		FakeProducer() {
			super(true, null, new StringSerializer(), new ByteArraySerializer());
		}

		@Override
		public synchronized Future<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
			if (this.error != null) {
				throw this.error;
			}
			return super.send(record);
		}

		@Override
		public void close(Duration timeout) {
			this.closeTimeout = timeout;
			super.close(timeout);
			if (this.closeFailure != null) {
				throw this.closeFailure;
			}
		}

	}

	/**
	 * A consumer of two letters.
	 */
	private static final class Letters extends MockConsumer<String, byte[]> {

		Letters() {
			super("earliest");
			updatePartitions(LETTERS.topic(),
					List.of(new PartitionInfo(LETTERS.topic(), 0, Node.noNode(), new Node[0], new Node[0])));
			updateBeginningOffsets(Map.of(LETTERS, 0L));
			updateEndOffsets(Map.of(LETTERS, 2L));
		}

		@Override
		public synchronized void assign(java.util.Collection<TopicPartition> partitions) {
			super.assign(partitions);
			addLetters(0);
		}

		@Override
		public synchronized void seek(TopicPartition partition, long offset) {
			super.seek(partition, offset);
			addLetters(offset);
		}

		private void addLetters(long from) {
			for (long offset = from; offset < 2; offset++) {
				addRecord(new ConsumerRecord<>(LETTERS.topic(), 0, offset, "updates-0@" + offset, new byte[1]));
			}
		}

	}

}
