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

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;

import cloud.requence.task.AccessToken;
import cloud.requence.task.AckMode;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.delivery.DeliveryObserver;
import cloud.requence.task.watcher.DefaultTaskWatcherBuilder;
import cloud.requence.task.watcher.DeliveryParts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.BDDMockito.willReturn;
import static org.mockito.Mockito.mock;

/**
 * The state of a watcher whose brokers do not answer any more. Its consumers keep their
 * partitions, and say nothing.
 */
class StatusReaderTests {

	private final AssignedPartitions partitions = new AssignedPartitions(() -> {
	});

	private final ConcurrentMessageListenerContainer<byte[], byte[]> container = mock();

	@Test
	void aWatcherWhoseHeartbeatsAreAnsweredIsConnected() {
		TaskWatcherStatus status = statusAfter(3.0, 900.0);
		assertThat(status.state()).isEqualTo(State.STREAMING);
		assertThat(status.connection().disconnectedSince()).isNull();
		assertThat(status.connection().connectedSince()).isEqualTo(Instant.EPOCH);
	}

	@Test
	void aWatcherWhoseHeartbeatsAreNotAnsweredIsDisconnectedSinceTheLastOne() {
		TaskWatcherStatus status = statusAfter(900.0, 200.0);
		assertThat(status.state()).isEqualTo(State.BACKING_OFF);
		assertThat(status.connection().connectedSince()).isNull();
		Instant since = status.connection().disconnectedSince();
		assertThat(since).isCloseTo(Instant.now().minusSeconds(200), within(Duration.ofSeconds(60)));
	}

	@Test
	void aWatcherThatHasSentNoHeartbeatIsNotDisconnected() {
		assertThat(statusAfter(-1.0, Double.NaN).state()).isEqualTo(State.STREAMING);
	}

	private TaskWatcherStatus statusAfter(double... secondsSinceHeartbeat) {
		Consumer<?, ?> consumer = mock();
		this.partitions.onPartitionsAssigned(consumer, List.of(new TopicPartition("updates", 0)));
		Map<String, Map<MetricName, Metric>> metrics = Map.of("first", heartbeat(secondsSinceHeartbeat[0]), "second",
				heartbeat(secondsSinceHeartbeat[1]));
		willReturn(metrics).given(this.container).metrics();
		ApplicationEventPublisher publisher = (event) -> {
		};
		DefaultTaskWatcherBuilder builder = new DefaultTaskWatcherBuilder("topic", publisher);
		builder.ackMode(AckMode.NONE).accessToken(() -> AccessToken.of("secret", URI.create("http://127.0.0.1:1")));
		DeliveryParts parts = builder.buildParts(() -> mock(), mock(DeliveryObserver.class), null);
		UpdateRecordListener listener = new UpdateRecordListener(parts, this.partitions, null, () -> true,
				Duration.ofMinutes(1));
		return new StatusReader(parts, this.partitions, listener, this.container).read(Instant.EPOCH, true, false,
				new KafkaTaskWatcher.Outcome(true, null));
	}

	private static Map<MetricName, Metric> heartbeat(double seconds) {
		MetricName name = new MetricName("last-heartbeat-seconds-ago", "consumer-coordinator-metrics", "", Map.of());
		return Map.of(name, new Metric() {

			@Override
			public MetricName metricName() {
				return name;
			}

			@Override
			public Object metricValue() {
				return seconds;
			}

		});
	}

}
