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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.relay.EventRelayApplication;
import cloud.requence.samples.relay.TestKafka;
import cloud.requence.task.Leadership;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateJson;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the relay, from the platform to a topic of a broker.
 */
class EventRelayTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private final String name = TestKafka.uniqueName();

	private final String topic = this.name + "-updates";

	private final List<ConfigurableApplicationContext> relays = new ArrayList<>();

	@AfterEach
	void stop() {
		this.relays.forEach(ConfigurableApplicationContext::close);
		this.emulator.close();
	}

	private ConfigurableApplicationContext startRelay(Class<?>... more) {
		List<String> all = new ArrayList<>(
				List.of("--spring.kafka.bootstrap-servers=" + TestKafka.address(), "--relay.name=" + this.name,
						"--relay.topic=" + this.topic, "--relay.partitions=4", "--relay.session-timeout=1s",
						"--requence.task.access-token=" + this.emulator.accessToken(), "--requence.task.since=1h"));
		ConfigurableApplicationContext relay = new SpringApplicationBuilder(EventRelayApplication.class).sources(more)
			.web(WebApplicationType.NONE)
			.run(all.toArray(String[]::new));
		this.relays.add(relay);
		return relay;
	}

	private void runTasks(int count) {
		IntStream.range(0, count).forEach((i) -> {
			TaskScript task = this.emulator.task("invoice").input(Map.of("number", i)).start();
			TaskScript sub = this.emulator.task("check").subTaskOf(task).start().nodeStart("a").nodeUpdate("a", i);
			task.nodeStart("b");
			sub.end("checked");
			task.nodeUpdate("b", i).end("done");
		});
	}

	private List<ConsumerRecord<String, byte[]>> awaitRecords() {
		long last = this.emulator.lastPosition();
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(positions()).hasSizeGreaterThanOrEqualTo((int) last));
		return TestKafka.read(this.topic);
	}

	private List<Long> positions() {
		return TestKafka.read(this.topic).stream().map(EventRelayTests::position).toList();
	}

	private static long position(ConsumerRecord<String, byte[]> record) {
		return Long.parseLong(header(record, RecordHeaders.POSITION));
	}

	private static String header(ConsumerRecord<String, byte[]> record, String name) {
		return new String(Objects.requireNonNull(record.headers().lastHeader(name), name).value(),
				StandardCharsets.UTF_8);
	}

	private static TaskUpdate update(ConsumerRecord<String, byte[]> record) {
		return TaskUpdateJson.withContext().read(new String(record.value(), StandardCharsets.UTF_8));
	}

	private void assertEachPositionOnceAndInOrder() {
		List<ConsumerRecord<String, byte[]>> records = awaitRecords();
		assertThat(records).extracting(EventRelayTests::position)
			.containsExactlyInAnyOrderElementsOf(
					LongStream.rangeClosed(1, this.emulator.lastPosition()).boxed().toList());
		Map<String, List<Long>> byKey = records.stream()
			.collect(java.util.stream.Collectors.groupingBy(ConsumerRecord::key, java.util.stream.Collectors
				.mapping(EventRelayTests::position, java.util.stream.Collectors.toList())));
		assertThat(byKey.values()).allSatisfy((positions) -> assertThat(positions).isSorted());
	}

	@Test
	void publishesEachUpdateUnderItsRootTask() {
		startRelay();
		runTasks(3);
		List<ConsumerRecord<String, byte[]>> records = awaitRecords();
		assertThat(records).hasSize((int) this.emulator.lastPosition());
		assertThat(records).extracting(ConsumerRecord::key).doesNotContainNull();
		assertThat(records.stream().map(ConsumerRecord::key).distinct()).hasSize(3);
		assertThat(records).allSatisfy((record) -> {
			TaskUpdate update = update(record);
			assertThat(record.key()).isEqualTo(Objects.requireNonNullElse(update.rootTaskId(), update.taskId()));
			assertThat(header(record, RecordHeaders.SCHEMA_VERSION)).isEqualTo("1");
			assertThat(header(record, RecordHeaders.TYPE)).isEqualTo(update.type().wireName());
			assertThat(header(record, RecordHeaders.UPDATE_ID)).isEqualTo(update.updateId());
			assertThat(header(record, RecordHeaders.INCOMPLETE)).isEqualTo("false");
			assertThat(position(record)).isEqualTo(update.position());
			assertThat(update.context().input()).isNotNull();
			assertThat(UpdateSchema.errors(new String(record.value(), StandardCharsets.UTF_8))).isEmpty();
		});
		assertEachPositionOnceAndInOrder();
	}

	@Test
	void resumesBehindTheLastTransaction() {
		ConfigurableApplicationContext first = startRelay();
		runTasks(5);
		awaitRecords();
		first.close();
		runTasks(5);
		startRelay();
		runTasks(5);
		assertEachPositionOnceAndInOrder();
	}

	@Test
	void continuesOnAnotherInstanceWhenTheLeaderEnds() {
		ConfigurableApplicationContext first = startRelay();
		runTasks(1);
		awaitRecords();
		startRelay();
		runTasks(5);
		first.close();
		runTasks(5);
		assertEachPositionOnceAndInOrder();
	}

	@Test
	void writesEachUpdateOnceThoughTwoInstancesLead() {
		startRelay(AlwaysLeading.class);
		runTasks(20);
		awaitRecords();
		startRelay(AlwaysLeading.class);
		IntStream.range(0, 15).forEach((i) -> {
			runTasks(2);
			awaitRecords();
		});
		assertEachPositionOnceAndInOrder();
	}

	@Test
	void leavesOutAContextThatIsTooLargeForARecord() {
		startRelay();
		String large = "x".repeat(600_000);
		this.emulator.task("invoice").input(large).start().nodeUpdate("a", large).nodeUpdate("a", 1).end("done");
		List<ConsumerRecord<String, byte[]>> records = awaitRecords();
		assertThat(records).extracting((record) -> header(record, RecordHeaders.INCOMPLETE))
			.containsExactly("true", "true", "false", "false");
		assertThat(records).extracting((record) -> update(record).incomplete())
			.containsExactly(true, true, false, false);
		assertThat(update(records.get(1)).context().input()).isNull();
		assertThat(((NodeUpdate) update(records.get(1))).data().as(String.class)).isEqualTo(large);
		assertThat(update(records.get(2)).context().input()).isNotNull();
	}

	/**
	 * Instances that do not know of each other.
	 */
	@Configuration(proxyBeanMethods = false)
	static class AlwaysLeading {

		@Bean
		@Primary
		Leadership alwaysLeading() {
			return new Leadership() {

				@Override
				public boolean isLeader() {
					return true;
				}

				@Override
				public void addListener(Runnable listener) {
				}

				@Override
				public void removeListener(Runnable listener) {
				}

				@Override
				public void relinquish() {
				}

			};
		}

	}

}
