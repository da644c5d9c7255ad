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
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Monitor} with readers and listeners that fail.
 */
class MonitorFailureTests {

	private static final TopicState STATE = new TopicState("updates", Instant.EPOCH, List.of(), null, List.of(), 0,
			List.of());

	private final BlockingQueue<BrokerReader> readers = new LinkedBlockingQueue<>();

	private final AtomicInteger failuresOfTheListener = new AtomicInteger();

	private final Consumer<Reading> listener = (reading) -> {
		if (this.failuresOfTheListener.getAndDecrement() > 0) {
			throw new IllegalStateException("The registry is closed");
		}
	};

	private final Monitor monitor = new Monitor(() -> Objects.requireNonNull(this.readers.poll(), "No reader"),
			Duration.ofMillis(10), List.of(this.listener));

	@AfterEach
	void stop() {
		this.monitor.stop();
	}

	private BrokerReader reader() {
		BrokerReader reader = mock();
		this.readers.add(reader);
		return reader;
	}

	private void awaitState() {
		await().until(() -> this.monitor.reading().state() != null && this.monitor.reading().failure() == null);
	}

	@Test
	void readsAgainAfterAnError() {
		BrokerReader first = reader();
		given(first.read()).willThrow(new OutOfMemoryError("Java heap space"));
		given(reader().read()).willReturn(STATE);
		this.monitor.start();
		awaitState();
		then(first).should().close();
	}

	@Test
	void replacesAReaderWhoseClientDoesNotAnswerAnyMore() {
		BrokerReader first = reader();
		given(first.read()).willReturn(STATE).willThrow(new TimeoutException("The AdminClient thread has exited"));
		willThrow(new IllegalStateException("It cannot be closed either")).given(first).close();
		given(reader().read()).willReturn(STATE);
		this.monitor.start();
		await().until(this.readers::isEmpty);
		awaitState();
	}

	@Test
	void readsAgainThoughNoReaderCanBeCreated() {
		this.monitor.start();
		await().until(() -> this.monitor.reading().failure() != null);
		given(reader().read()).willReturn(STATE);
		awaitState();
	}

	@Test
	void readsAgainThoughAListenerFails() {
		given(reader().read()).willReturn(STATE);
		this.failuresOfTheListener.set(2);
		this.monitor.start();
		await().until(() -> this.failuresOfTheListener.get() < -2);
		assertThat(this.monitor.reading().failure()).isNull();
	}

	@Test
	void startsAgainAfterAStop() {
		given(reader().read()).willReturn(STATE);
		this.monitor.start();
		awaitState();
		this.monitor.stop();
		BrokerReader next = reader();
		given(next.read()).willReturn(STATE);
		this.monitor.start();
		await().until(this.readers::isEmpty);
		assertThat(this.monitor.isRunning()).isTrue();
	}

}
