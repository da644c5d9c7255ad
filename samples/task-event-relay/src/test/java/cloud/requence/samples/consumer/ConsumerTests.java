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

package cloud.requence.samples.consumer;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import cloud.requence.emulator.Acknowledgement;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.samples.relay.EventRelayApplication;
import cloud.requence.samples.relay.TestKafka;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskUpdate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for consumers, from the platform to their listener methods and back.
 */
class ConsumerTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private final String name = TestKafka.uniqueName();

	private final List<ConfigurableApplicationContext> applications = new ArrayList<>();

	private final Handled handled = new Handled();

	@BeforeEach
	void startRelay() {
		start(new SpringApplicationBuilder(EventRelayApplication.class).web(WebApplicationType.NONE),
				"--relay.name=" + this.name, "--relay.topic=" + this.name, "--relay.partitions=4",
				"--relay.session-timeout=1s", "--requence.task.since=1h");
	}

	@AfterEach
	void stop() {
		this.applications.forEach(ConfigurableApplicationContext::close);
		this.emulator.close();
	}

	private void startConsumer() {
		start(ConsumerApplication.application()
			.initializers((context) -> context.getBeanFactory().registerSingleton("handled", this.handled)),
				"--requence.task.kafka.topic=" + this.name, "--requence.task.listener.retry.delay=10ms");
	}

	private void start(SpringApplicationBuilder application, String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--spring.kafka.bootstrap-servers=" + TestKafka.address());
		all.add("--requence.task.access-token=" + this.emulator.accessToken());
		this.applications.add(application.run(all.toArray(String[]::new)));
	}

	private void runTasks(int count) {
		IntStream.range(0, count)
			.forEach((i) -> this.emulator.task("invoice").requireAck().start().nodeUpdate("a", i).end("done"));
	}

	private void awaitAcknowledged(int count) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.emulator.acknowledgements()).hasSizeGreaterThanOrEqualTo(count));
	}

	@Test
	void handlesEachUpdateInOrderAndAcknowledgesEndsThatWereHandled() {
		runTasks(10);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(TestKafka.read(this.name)).hasSize((int) this.emulator.lastPosition()));
		// The relay has published the ends, and they are not handled
		assertThat(this.emulator.acknowledgements()).isEmpty();
		startConsumer();
		startConsumer();
		runTasks(10);
		awaitAcknowledged(20);
		assertThat(this.handled.updates).extracting(TaskUpdate::position)
			.containsExactlyInAnyOrderElementsOf(
					LongStream.rangeClosed(1, this.emulator.lastPosition()).boxed().toList());
		Map<String, List<Long>> byTask = this.handled.updates.stream()
			.collect(Collectors.groupingBy(TaskUpdate::taskId,
					Collectors.mapping((update) -> update.header().position(), Collectors.toList())));
		assertThat(byTask.values()).allSatisfy((positions) -> assertThat(positions).isSorted());
		assertThat(this.emulator.acknowledgements()).extracting(Acknowledgement::taskId).doesNotHaveDuplicates();
		assertThat(this.emulator.acknowledgements()).allSatisfy((acknowledgement) -> assertThat(acknowledgement.time())
			.isAfterOrEqualTo(this.handled.ends.get(acknowledgement.taskId())));
	}

	@Test
	void aRecordIsRetriedUntilTheListenerThatFailsHasHandledIt() {
		startConsumer();
		this.handled.failures.set(2);
		runTasks(1);
		awaitAcknowledged(1);
		assertThat(this.handled.attempts).hasValue(3);
		assertThat(this.handled.updates).filteredOn(NodeUpdate.class::isInstance).hasSize(1);
	}

	@Test
	void aRecordThatCannotBeHandledIsADeadLetterAndHandledAgainInAReplay() {
		startConsumer();
		this.handled.refusesEnds.set(true);
		runTasks(1);
		String deadLetters = this.name + ".task-consumers.dead-letters";
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(TestKafka.read(deadLetters)).hasSize(1));
		ConsumerRecord<String, byte[]> letter = TestKafka.read(deadLetters).get(0);
		assertThat(letter.headers().lastHeader("error").value()).asString().contains("refused");
		assertThat(letter.headers().lastHeader("type").value()).asString().isEqualTo("taskEnd");
		assertThat(this.emulator.acknowledgements()).isEmpty();
		this.handled.refusesEnds.set(false);
		TestKafka.send(this.name + ".task-consumers.replays", "key", letter.value());
		awaitAcknowledged(1);
	}

	@Test
	void acknowledgesWhenThePlatformIsThereAgain() {
		startConsumer();
		this.emulator.faults().failAcks(503, 3);
		runTasks(2);
		awaitAcknowledged(2);
		assertThat(this.handled.updates).filteredOn(TaskEnd.class::isInstance).hasSize(2);
	}

	/**
	 * Listener methods, and what they have handled.
	 */
	static class Handled {

		private final List<TaskUpdate> updates = new CopyOnWriteArrayList<>();

		private final Map<String, Instant> ends = new ConcurrentHashMap<>();

		private final AtomicInteger failures = new AtomicInteger();

		private final AtomicInteger attempts = new AtomicInteger();

		private final AtomicBoolean refusesEnds = new AtomicBoolean();

		@Order(1)
		@EventListener
		void handle(TaskUpdate update) {
			if (update instanceof TaskEnd && this.refusesEnds.get()) {
				throw new IllegalStateException("refused");
			}
			this.updates.add(update);
			// As precise as the time of acknowledgements
			this.ends.put(update.taskId(), Instant.now().truncatedTo(ChronoUnit.MILLIS));
		}

		@Order(2)
		@EventListener
		void fail(NodeUpdate update) {
			this.attempts.incrementAndGet();
			if (this.failures.getAndUpdate((count) -> Math.max(0, count - 1)) > 0) {
				throw new IllegalStateException("not yet");
			}
		}

	}

}
