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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link KafkaLeadership} with consumers that fail.
 */
class KafkaLeadershipTests {

	private static final TopicPartition KEY = new TopicPartition("relay-checkpoint", 0);

	private final List<Candidate> candidates = new CopyOnWriteArrayList<>();

	private final ConcurrentLinkedQueue<Error> creationFailures = new ConcurrentLinkedQueue<>();

	private final List<Boolean> heard = new CopyOnWriteArrayList<>();

	private final SimpleAsyncTaskScheduler scheduler = new SimpleAsyncTaskScheduler();

	private final KafkaLeadership leadership = new KafkaLeadership(factory(), KEY.topic(), "relay-leader",
			Duration.ofSeconds(6), this.scheduler, Duration.ofMillis(100));

	private ConsumerFactory<String, byte[]> factory() {
		ConsumerFactory<String, byte[]> factory = mock();
		given(factory.createConsumer(any(), any(), any(), any())).willAnswer((call) -> {
			Error failure = this.creationFailures.poll();
			if (failure != null) {
				throw failure;
			}
			Candidate candidate = new Candidate();
			this.candidates.add(candidate);
			return candidate;
		});
		return factory;
	}

	@BeforeEach
	void start() {
		this.leadership.addListener(() -> this.heard.add(this.leadership.isLeader()));
		this.leadership.start();
		awaitLeader(1);
	}

	@AfterEach
	void stop() {
		this.leadership.stop();
		this.scheduler.close();
	}

	private void awaitLeader(int candidate) {
		await().until(() -> this.leadership.isLeader() && this.candidates.size() == candidate);
	}

	private Candidate first() {
		return this.candidates.get(0);
	}

	@Test
	void staysAMemberThoughTheBrokerRefusesItForAWhile() {
		first().failure.set(new GroupAuthorizationException("relay-leader"));
		await().until(() -> first().failure.get() == null);
		long polls = first().polls.get();
		await().until(() -> first().polls.get() > polls);
		assertThat(this.candidates).hasSize(1);
		assertThat(this.leadership.isLeader()).isTrue();
	}

	@Test
	void takesPartAgainAfterAnErrorInTheThreadOfItsConsumer() {
		first().failure.set(new OutOfMemoryError("Java heap space"));
		awaitLeader(2);
		assertThat(this.heard).containsExactly(true, false, true);
	}

	@Test
	void takesPartAgainThoughItsConsumerCannotBeClosed() {
		first().closeFailure = new OutOfMemoryError("Java heap space");
		first().failure.set(new OutOfMemoryError("Java heap space"));
		awaitLeader(2);
		assertThat(this.heard).containsExactly(true, false, true);
	}

	@Test
	void takesPartAgainThoughNoThreadCanBeCreatedAtFirst() {
		this.creationFailures.add(new OutOfMemoryError("unable to create native thread"));
		this.creationFailures.add(new OutOfMemoryError("unable to create native thread"));
		first().failure.set(new OutOfMemoryError("Java heap space"));
		awaitLeader(2);
		assertThat(this.creationFailures).isEmpty();
	}

	@Test
	void takesPartAgainAfterItHasRelinquishedTheLeadership() {
		this.leadership.relinquish();
		awaitLeader(2);
		assertThat(this.heard).containsExactly(true, false, true);
	}

	@Test
	void leadsThoughAnEarlierConsumerHearsLaterThatItHasLostThePartition() {
		this.leadership.relinquish();
		awaitLeader(2);
		this.leadership.onPartitionsLost(first(), List.of(KEY));
		this.leadership.onPartitionsRevokedBeforeCommit(first(), List.of(KEY));
		assertThat(this.leadership.isLeader()).isTrue();
	}

	@Test
	void leadsThoughAListenerFails() {
		this.leadership.addListener(() -> {
			throw new IllegalStateException("No");
		});
		this.leadership.addListener(() -> this.heard.add(this.leadership.isLeader()));
		this.leadership.relinquish();
		awaitLeader(2);
		assertThat(this.heard).containsExactly(true, false, false, true, true);
	}

	@Test
	void doesNotTakePartAfterAStop() {
		this.leadership.stop();
		assertThat(this.leadership.isLeader()).isFalse();
		assertThat(this.leadership.isRunning()).isFalse();
		assertThat(first().closed()).isTrue();
		this.leadership.start();
		awaitLeader(2);
	}

	/**
	 * A consumer that is assigned the partition with its first poll.
	 */
	private static final class Candidate extends MockConsumer<String, byte[]> {

		private final AtomicReference<Throwable> failure = new AtomicReference<>();

		private volatile Error closeFailure;

		private final AtomicLong polls = new AtomicLong();

		Candidate() {
			super("earliest");
			updateBeginningOffsets(Map.of(KEY, 0L));
			schedulePollTask(() -> rebalance(List.of(KEY)));
		}

		@Override
		public synchronized ConsumerRecords<String, byte[]> poll(Duration timeout) {
			Throwable thrown = this.failure.getAndSet(null);
			if (thrown instanceof Error error) {
				throw error;
			}
			if (thrown instanceof RuntimeException exception) {
				throw exception;
			}
			this.polls.incrementAndGet();
			LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
			return super.poll(timeout);
		}

		@Override
		public synchronized void close(org.apache.kafka.clients.consumer.CloseOptions options) {
			failToClose();
			super.close(options);
		}

		@Override
		public synchronized void close() {
			failToClose();
			super.close();
		}

		private void failToClose() {
			Error thrown = this.closeFailure;
			if (thrown != null) {
				throw thrown;
			}
		}

	}

}
