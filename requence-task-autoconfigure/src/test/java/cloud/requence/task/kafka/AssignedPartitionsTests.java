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
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import cloud.requence.task.TaskWatcherStatus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link AssignedPartitions}, whose consumers say what the test wants.
 */
class AssignedPartitionsTests {

	private static final TopicPartition KEY = new TopicPartition("updates", 0);

	private final AssignedPartitions partitions = new AssignedPartitions(() -> {
	});

	private final Consumer<byte[], byte[]> consumer = consumer();

	private static Consumer<byte[], byte[]> consumer() {
		Consumer<byte[], byte[]> consumer = mock();
		given(consumer.assignment()).willReturn(Set.of(KEY));
		given(consumer.currentLag(any())).willReturn(OptionalLong.of(0));
		return consumer;
	}

	private static ConsumerRecord<byte[], byte[]> record(long offset) {
		return new ConsumerRecord<>(KEY.topic(), KEY.partition(), offset, new byte[0], new byte[0]);
	}

	private RecordAttempt begin(Consumer<?, ?> reader, long offset) {
		return this.partitions.of(record(offset), reader).begin(record(offset));
	}

	private void end(Consumer<?, ?> reader, long offset) {
		this.partitions.of(record(offset), reader).end(record(offset), reader);
	}

	@Nested
	class APartitionThatHasMovedToAnotherThread {

		private final Consumer<byte[], byte[]> successor = consumer();

		APartitionThatHasMovedToAnotherThread() {
			assign(AssignedPartitionsTests.this.consumer);
			begin(AssignedPartitionsTests.this.consumer, 5);
			assign(this.successor);
		}

		private void assign(Consumer<?, ?> reader) {
			AssignedPartitionsTests.this.partitions.onPartitionsAssigned(reader, List.of(KEY));
		}

		@Test
		void keepsItsStateWhenTheEarlierOwnerHearsOfIt() {
			RecordAttempt attempt = begin(this.successor, 5);
			attempt.delivered();
			AssignedPartitionsTests.this.partitions.onPartitionsLost(AssignedPartitionsTests.this.consumer,
					List.of(KEY));
			AssignedPartitionsTests.this.partitions
				.onPartitionsRevokedAfterCommit(AssignedPartitionsTests.this.consumer, List.of(KEY));
			assertThat(begin(this.successor, 5)).isSameAs(attempt);
			assertThat(AssignedPartitionsTests.this.partitions.status()).hasSize(1);
		}

		@Test
		void keepsItsStateWhenTheEarlierOwnerCompletesARecord() {
			RecordAttempt attempt = begin(this.successor, 5);
			end(AssignedPartitionsTests.this.consumer, 5);
			begin(AssignedPartitionsTests.this.consumer, 6);
			assertThat(begin(this.successor, 5)).isSameAs(attempt);
			assertThat(AssignedPartitionsTests.this.partitions.attempts()).containsExactly(attempt);
		}

		@Test
		void keepsItsLagWhenTheEarlierOwnerIsAsked() {
			given(this.successor.currentLag(KEY)).willReturn(OptionalLong.of(7));
			AssignedPartitionsTests.this.partitions.setupThreadState(this.successor);
			AssignedPartitionsTests.this.partitions.setupThreadState(AssignedPartitionsTests.this.consumer);
			AssignedPartitionsTests.this.partitions.onPartitionsLost(AssignedPartitionsTests.this.consumer,
					List.of(KEY));
			assertThat(AssignedPartitionsTests.this.partitions.status())
				.containsExactly(new TaskWatcherStatus.Partition(KEY.topic(), KEY.partition(), 7L));
		}

		@Test
		void isShownOnce() {
			assertThat(AssignedPartitionsTests.this.partitions.status()).hasSize(1);
		}

		@Test
		void isNotHandledByTheEarlierOwnerAnyMore() {
			assertThat(isPollDue(AssignedPartitionsTests.this.consumer)).isTrue();
			assertThat(isPollDue(this.successor)).isFalse();
			// Unless its poll has confirmed that it owns the partition
			AssignedPartitionsTests.this.partitions.setupThreadState(AssignedPartitionsTests.this.consumer);
			assertThat(isPollDue(AssignedPartitionsTests.this.consumer)).isFalse();
		}

		private boolean isPollDue(Consumer<?, ?> reader) {
			AssignedPartitions partitions = AssignedPartitionsTests.this.partitions;
			return partitions.isPollDue(partitions.of(record(6), reader), reader, Long.MAX_VALUE);
		}

		@Test
		void isStillHandledByTheThreadOfTheEarlierOwner() {
			assertThat(AssignedPartitionsTests.this.partitions.isHandledBy(Thread.currentThread())).isTrue();
			assertThat(AssignedPartitionsTests.this.partitions.handlingSince()).isNotNull();
		}

	}

	@Nested
	class Waiting {

		Waiting() {
			AssignedPartitionsTests.this.partitions.onPartitionsAssigned(AssignedPartitionsTests.this.consumer,
					List.of(KEY));
		}

		private void poll(long lag) {
			given(AssignedPartitionsTests.this.consumer.currentLag(KEY)).willReturn(OptionalLong.of(lag));
			AssignedPartitionsTests.this.partitions.setupThreadState(AssignedPartitionsTests.this.consumer);
		}

		private Instant since() {
			return AssignedPartitionsTests.this.partitions.waitingSince();
		}

		@Test
		void nothingWaitsWithoutARecord() {
			assertThat(since()).isNull();
			poll(0);
			assertThat(since()).isNull();
		}

		@Test
		void aRecordWaitsUntilItIsHandled() {
			poll(2);
			Instant first = since();
			assertThat(first).isNotNull();
			begin(AssignedPartitionsTests.this.consumer, 5);
			assertThat(since()).isEqualTo(first);
			// It is read again
			poll(2);
			assertThat(since()).isEqualTo(first);
			end(AssignedPartitionsTests.this.consumer, 5);
			assertThat(since()).isAfterOrEqualTo(first).isNotSameAs(first);
			Instant second = since();
			poll(1);
			assertThat(since()).isSameAs(second);
			begin(AssignedPartitionsTests.this.consumer, 6);
			end(AssignedPartitionsTests.this.consumer, 6);
			poll(0);
			assertThat(since()).isNull();
		}

		@Test
		void whatWaitsAfterAPauseDoesSoSinceTheDeliveryWasResumed() {
			poll(2);
			Instant first = since();
			AssignedPartitionsTests.this.partitions.resumed();
			assertThat(since()).isNotSameAs(first);
		}

		@Test
		void theRecordsThatWereReadAndNotHandledCountAsLag() {
			begin(AssignedPartitionsTests.this.consumer, 5);
			given(AssignedPartitionsTests.this.consumer.currentLag(KEY)).willReturn(OptionalLong.of(3));
			given(AssignedPartitionsTests.this.consumer.position(KEY)).willReturn(10L);
			end(AssignedPartitionsTests.this.consumer, 5);
			assertThat(AssignedPartitionsTests.this.partitions.status().get(0).lag()).isEqualTo(7);
		}

	}

}
