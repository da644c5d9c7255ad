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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaConsumerFactoryCustomizer;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import cloud.requence.emulator.EmulatedClaimCheck;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.task.DeadLetter;
import cloud.requence.task.DeadLetterHandler;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.StartedThreads;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateEvent;
import cloud.requence.task.TaskUpdateFailedEvent;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TaskWatcherStoppedEvent;
import cloud.requence.task.autoconfigure.RequenceTaskAutoConfiguration;
import cloud.requence.task.autoconfigure.RequenceTaskCheckpointAutoConfiguration;
import cloud.requence.task.autoconfigure.RequenceTaskKafkaAutoConfiguration;
import cloud.requence.task.autoconfigure.health.RequenceTaskHealthContributorAutoConfiguration;
import cloud.requence.task.autoconfigure.metrics.RequenceTaskMetricsAutoConfiguration;
import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Applications that handle the updates of a topic, from the records of a broker to their
 * listener methods and back to the platform.
 */
@ExtendWith(OutputCaptureExtension.class)
class KafkaTaskWatcherTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String GROUP = "invoices";

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private final List<ConfigurableApplicationContext> applications = new ArrayList<>();

	private final Handled handled = new Handled();

	private final StartedThreads threads = new StartedThreads();

	private String topic = TestBroker.newTopic(1);

	@AfterEach
	void close() {
		this.applications.forEach(ConfigurableApplicationContext::close);
		this.emulator.close();
	}

	private TaskWatcher start(String... properties) {
		return start((application) -> {
		}, properties);
	}

	private TaskWatcher start(Consumer<SpringApplicationBuilder> customizer, String... properties) {
		SpringApplicationBuilder application = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.initializers((context) -> context.getBeanFactory().registerSingleton("handled", this.handled));
		customizer.accept(application);
		List<String> arguments = new ArrayList<>(
				List.of("--spring.kafka.bootstrap-servers=" + TestBroker.address(), "--requence.task.source=kafka",
						"--requence.task.kafka.topic=" + this.topic, "--requence.task.kafka.group-id=" + GROUP,
						// So that a member notices changes of the group at once
						"--spring.kafka.consumer.heartbeat-interval=100ms", "--requence.task.listener.retry.delay=1ms",
						"--requence.task.access-token=" + this.emulator.accessToken()));
		arguments.addAll(List.of(properties));
		ConfigurableApplicationContext context = application.run(arguments.toArray(String[]::new));
		this.applications.add(context);
		return context.getBean(TaskWatcher.class);
	}

	private static Consumer<SpringApplicationBuilder> bean(String name, Object bean) {
		return (application) -> application
			.initializers((context) -> context.getBeanFactory().registerSingleton(name, bean));
	}

	private void awaitHandled(TaskUpdate... updates) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.handled.updates).contains(updates));
	}

	private List<ConsumerRecord<String, byte[]>> awaitDeadLetters(int count) {
		String deadLetters = this.topic + "." + GROUP + ".dead-letters";
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(TestBroker.read(deadLetters)).hasSize(count));
		return TestBroker.read(deadLetters);
	}

	private void awaitAcknowledged(String... tasks) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.emulator.acknowledgements())
				.extracting((acknowledgement) -> acknowledgement.taskId())
				.contains(tasks));
	}

	private String newTask() {
		return this.emulator.task("invoice").requireAck().start().end("done").taskId();
	}

	@Test
	void theListenersOfAWatcherHandleTheRecords() {
		TestTask task = TestTask.of("task-1").name("invoice").input(Map.of("number", 17));
		TaskUpdate[] updates = { task.start(), task.nodeUpdate("scan", Map.of("pages", 2)), task.end("done") };
		TestBroker.send(this.topic, updates);
		TaskWatcher watcher = start();
		awaitHandled(updates);
		assertThat(this.handled.updates).containsExactly(updates);
		assertThat(this.handled.source).isSameAs(watcher);
		assertThat(this.handled.taskInLog).isEqualTo("task-1");
		assertThat(this.emulator.watchRequests()).isEmpty();
		MeterRegistry meters = this.applications.get(0).getBean(MeterRegistry.class);
		assertThat(
				meters.get("requence.task.updates").tags("type", "taskEnd", "outcome", "delivered").counter().count())
			.isEqualTo(1);
	}

	@Test
	void whatWasRolledBackIsNotHandled() {
		TaskUpdate end = TestTask.of("task-2").end(1);
		TestBroker.sendAndRollBack(this.topic, TestTask.of("task-1").start());
		TestBroker.send(this.topic, end);
		start();
		awaitHandled(end);
		assertThat(this.handled.updates).containsExactly(end);
	}

	@Test
	void theNextStartContinuesBehindWhatWasHandled() {
		TaskUpdate first = TestTask.of("task-1").start();
		TaskUpdate second = TestTask.of("task-2").start();
		TestBroker.send(this.topic, first);
		TaskWatcher watcher = start();
		awaitHandled(first);
		watcher.stop();
		TestBroker.send(this.topic, second);
		watcher.start();
		awaitHandled(second);
		assertThat(this.handled.updates).containsExactly(first, second);
	}

	@Test
	void instancesShareThePartitionsAndKeepTheOrderOfEachTask() {
		this.topic = TestBroker.newTopic(4);
		TaskWatcher first = start("--requence.task.kafka.concurrency=2");
		TaskWatcher second = start();
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(List.of(first.status(), second.status()))
				.allSatisfy((status) -> assertThat(status.partitions()).isNotEmpty().hasSizeLessThan(5)));
		List<TaskUpdate> updates = IntStream.range(0, 40).boxed().flatMap((i) -> {
			TestTask task = TestTask.of("task-" + i);
			return List.<TaskUpdate>of(task.start(), task.nodeStart("a"), task.end(i)).stream();
		}).toList();
		TestBroker.send(this.topic, updates.subList(0, 60).toArray(TaskUpdate[]::new));
		awaitHandled(updates.subList(0, 60).toArray(TaskUpdate[]::new));
		first.stop();
		TestBroker.send(this.topic, updates.subList(60, 120).toArray(TaskUpdate[]::new));
		awaitHandled(updates.toArray(TaskUpdate[]::new));
		assertThat(this.handled.updates).hasSize(120);
		Map<String, List<TaskUpdate>> expected = updates.stream().collect(Collectors.groupingBy(TaskUpdate::taskId));
		assertThat(this.handled.updates.stream().collect(Collectors.groupingBy(TaskUpdate::taskId)))
			.isEqualTo(expected);
	}

	@Test
	void anInstanceWithoutPartitionsStandsBy() {
		start();
		await().atMost(PATIENCE)
			.until(() -> this.applications.get(0).getBean(TaskWatcher.class).status().state() == State.STREAMING);
		TaskWatcher second = start();
		await().atMost(PATIENCE).until(() -> second.status().state() == State.STANDBY);
	}

	@Test
	void claimChecksAreFetched() {
		EmulatedClaimCheck large = this.emulator.files().claimCheck(Map.of("pages", 3));
		NodeUpdate update = TestTask.of("task-1")
			.nodeUpdate("scan", Map.of("__REQUENCE_type", "ClaimCheck", "url", large.url(), "size", large.size()));
		TestBroker.send(this.topic, update);
		List<Object> data = new CopyOnWriteArrayList<>();
		start(bean("reader", (TaskUpdateHandler) (received) -> data.add(((NodeUpdate) received).data().as(Map.class))));
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(data).containsExactly(Map.of("pages", 3)));
	}

	@Test
	void aBrokerThatCannotBeReachedDoesNotPreventTheStart() {
		TaskWatcher watcher = start("--spring.kafka.bootstrap-servers=127.0.0.1:1",
				"--spring.kafka.admin.auto-create=false", "--requence.task.health.down-after=1ms");
		assertThat(watcher.status().state()).isEqualTo(State.CONNECTING);
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(health().getStatus()).isEqualTo(Status.DOWN));
	}

	@Test
	void furtherTopicsAreCreatedWhenTheBrokerIsAvailable() {
		TaskUpdate end = TestTask.of("task-1").end(1);
		String replays = this.topic + "." + GROUP + ".replays";
		start((application) -> application.sources(BrokerThatIsAwayAtFirst.class),
				"--broker-that-is-away-at-first.attempts=1");
		await().atMost(PATIENCE).until(() -> TestBroker.cleanupPolicy(replays).isPresent());
		assertThat(TestBroker.cleanupPolicy(this.topic + "." + GROUP + ".dead-letters")).contains("compact");
		TestBroker.send(replays, end);
		awaitHandled(end);
	}

	@Test
	void furtherTopicsAreCreatedWithTheFirstDeadLetterAtTheLatest() {
		this.handled.failures.set(Integer.MAX_VALUE);
		TestBroker.send(this.topic, TestTask.of("task-1").nodeUpdate("scan", 1));
		start((application) -> application.sources(BrokerThatIsAwayAtFirst.class),
				"--broker-that-is-away-at-first.attempts=2");
		String deadLetters = this.topic + "." + GROUP + ".dead-letters";
		await().atMost(PATIENCE).until(() -> TestBroker.cleanupPolicy(deadLetters).isPresent());
		assertThat(awaitDeadLetters(1)).hasSize(1);
		assertThat(TestBroker.cleanupPolicy(deadLetters)).contains("compact");
	}

	@Test
	void topicsAreNotCreatedIfTheApplicationDoesNotWantThat() {
		TaskUpdate end = TestTask.of("task-1").end(1);
		TestBroker.send(this.topic, end);
		start("--spring.kafka.admin.auto-create=false", "--requence.task.kafka.replay-topic=");
		awaitHandled(end);
		assertThat(TestBroker.cleanupPolicy(this.topic + "." + GROUP + ".dead-letters")).isEmpty();
	}

	@Test
	void aStartThatFailsHalfWayLeavesNothingAndCanBeRepeated() {
		TaskWatcher watcher = start(
				bean("failure", (DefaultKafkaConsumerFactoryCustomizer) KafkaTaskWatcherTests::failOnce),
				"--requence.task.auto-startup=false", "--requence.task.kafka.concurrency=2");
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(watcher::start);
		assertThat(watcher.isRunning()).isFalse();
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.threads.named("requence-requenceTaskWatcher-")).isEmpty());
		TaskUpdate end = TestTask.of("task-1").end(1);
		TestBroker.send(this.topic, end);
		watcher.start();
		awaitHandled(end);
	}

	private static <K, V> void failOnce(DefaultKafkaConsumerFactory<K, V> factory) {
		AtomicInteger consumers = new AtomicInteger();
		factory.addListener(new ConsumerFactory.Listener<K, V>() {

			@Override
			public void consumerAdded(String id, org.apache.kafka.clients.consumer.Consumer<K, V> added) {
				if (consumers.incrementAndGet() == 2) {
					throw new OutOfMemoryError("unable to create native thread");
				}
			}

		});
	}

	@Test
	void anErrorInTheThreadOfAConsumerDoesNotEndTheWatcher() {
		TaskUpdate first = TestTask.of("task-1").end(1);
		TaskUpdate second = TestTask.of("task-2").end(1);
		TestBroker.send(this.topic, first);
		OutOfMemoryOnce.THROWN.set(false);
		TaskWatcher watcher = start("--requence.task.kafka.concurrency=2",
				"--spring.kafka.consumer.properties.interceptor.classes=" + OutOfMemoryOnce.class.getName());
		awaitHandled(first);
		assertThat(OutOfMemoryOnce.THROWN).isTrue();
		assertThat(this.handled.stopReasons).isEmpty();
		TestBroker.send(this.topic, second);
		awaitHandled(second);
		assertThat(this.handled.updates).containsExactly(first, second);
		watcher.stop();
		assertThat(watcher.isRunning()).isFalse();
	}

	@Test
	void theStatusSaysSinceWhenARecordWaits() {
		CountDownLatch release = new CountDownLatch(1);
		this.handled.onUpdate = (update) -> awaitOpen(release);
		TestBroker.send(this.topic, TestTask.of("task-1").start(), TestTask.of("task-2").start());
		TaskWatcher watcher = start();
		await().atMost(PATIENCE).until(() -> this.handled.updates.size() == 1);
		Instant since = watcher.status().backlog().waitingSince();
		assertThat(since).isNotNull().isBeforeOrEqualTo(Instant.now());
		assertThat(watcher.status().caughtUp()).isFalse();
		watcher.pause();
		assertThat(watcher.status().backlog().waitingSince()).isNull();
		watcher.resume();
		assertThat(watcher.status().backlog().waitingSince()).isAfter(since);
		release.countDown();
		await().atMost(PATIENCE).until(() -> watcher.status().caughtUp());
		assertThat(watcher.status().backlog().waitingSince()).isNull();
	}

	@Test
	void pausesAndResumes() {
		TaskWatcher watcher = start();
		await().atMost(PATIENCE).until(() -> watcher.status().state() == State.STREAMING);
		watcher.pause();
		await().atMost(PATIENCE).until(() -> watcher.status().state() == State.PAUSED);
		TaskUpdate end = TestTask.of("task-1").end(1);
		TestBroker.send(this.topic, end);
		watcher.resume();
		awaitHandled(end);
	}

	@Test
	void slowListenersDoNotLoseThePartition() {
		TaskUpdate[] updates = IntStream.range(0, 8)
			.mapToObj((i) -> TestTask.of("task-" + i).start())
			.toArray(TaskUpdate[]::new);
		TestBroker.send(this.topic, updates);
		this.handled.onUpdate = (update) -> LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
		TaskWatcher watcher = start("--spring.kafka.consumer.properties.max.poll.interval.ms=1000");
		await().atMost(PATIENCE).until(() -> watcher.status().updates().delivered() == 8);
		await().atMost(PATIENCE).until(() -> watcher.status().caughtUp());
		assertThat(this.handled.updates).containsExactly(updates);
	}

	@Test
	void aThreadThatHasLostAPartitionLeavesTheStateOfItsNextOwnerAlone() {
		CountDownLatch failed = new CountDownLatch(1);
		AtomicBoolean first = new AtomicBoolean(true);
		this.handled.onUpdate = (update) -> {
			if (first.compareAndSet(true, false)) {
				awaitOpen(failed);
			}
		};
		this.handled.failures.set(2);
		NodeUpdate update = TestTask.of("task-1").nodeUpdate("scan", 1);
		TestBroker.send(this.topic, update);
		// After the second failure the record is read again
		start("--requence.task.kafka.concurrency=2", "--requence.task.kafka.replay-topic=",
				"--requence.task.listener.retry.multiplier=2001",
				"--spring.kafka.consumer.properties.max.poll.interval.ms=1000");
		// The other thread has got the partition, and one of its listeners has failed
		await().atMost(PATIENCE).until(() -> this.handled.attempts.get() == 2);
		failed.countDown();
		await().atMost(PATIENCE).until(() -> this.handled.attempts.get() == 4);
		assertThat(this.handled.updates).containsExactly(update, update);
	}

	private static void awaitOpen(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void aListenerCanStopTheWatcher() {
		TestBroker.send(this.topic, TestTask.of("task-1").start(), TestTask.of("task-2").start());
		this.handled.onUpdate = (update) -> this.handled.watcher().stop();
		TaskWatcher watcher = start();
		await().atMost(PATIENCE).until(() -> watcher.status().state() == State.STOPPED);
		assertThat(watcher.status().expectedToRun()).isFalse();
		await().atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(this.handled.stopReasons).containsExactly(TaskWatcherStoppedEvent.Reason.NORMAL));
		assertThat(this.handled.updates).hasSize(1);
	}

	@Test
	void statusAndHealthShowPartitionsAndLag() {
		this.topic = TestBroker.newTopic(3);
		TaskUpdate end = TestTask.of("task-1").end(1);
		TestBroker.send(this.topic, end);
		TaskWatcher watcher = start("--requence.task.kafka.replay-topic=");
		await().atMost(PATIENCE).until(() -> watcher.status().caughtUp());
		assertThat(watcher.status().partitions()).hasSize(3)
			.allSatisfy((partition) -> assertThat(partition.lag()).isZero());
		assertThat(health().getStatus()).isEqualTo(Status.UP);
		assertThat(health().getDetails()).containsEntry("partitions", 3).containsEntry("backlog", 0);
		watcher.pause();
		TestBroker.send(this.topic, end, end);
		watcher.resume();
		await().atMost(PATIENCE)
			.until(() -> watcher.status().updates().delivered() == 3 && watcher.status().caughtUp());
	}

	private Health health() {
		return Objects.requireNonNull(
				this.applications.get(0).getBean("requenceTaskHealthContributor", HealthIndicator.class).health());
	}

	@Nested
	class Failures {

		@Test
		void onlyTheListenerThatHasFailedIsCalledAgain() {
			KafkaTaskWatcherTests.this.handled.failures.set(2);
			NodeUpdate update = TestTask.of("task-1").nodeUpdate("scan", 1);
			TestBroker.send(KafkaTaskWatcherTests.this.topic, update);
			// After the second one the record is read again
			TaskWatcher watcher = start("--requence.task.listener.retry.multiplier=1001");
			await().atMost(PATIENCE).until(() -> watcher.status().updates().delivered() == 1);
			assertThat(KafkaTaskWatcherTests.this.handled.updates).containsExactly(update);
			assertThat(KafkaTaskWatcherTests.this.handled.attempts).hasValue(3);
			assertThat(watcher.status().updates().retries()).isEqualTo(2);
		}

		@Test
		void afterItsRetriesARecordIsADeadLetterAndTheNextOneIsHandled(CapturedOutput output) {
			Handled handled = KafkaTaskWatcherTests.this.handled;
			handled.failures.set(Integer.MAX_VALUE);
			NodeUpdate update = TestTask.of("task-1").nodeUpdate("scan", Map.of("iban", "DE-secret"));
			TaskUpdate end = TestTask.of("task-1").end(1);
			TestBroker.send(KafkaTaskWatcherTests.this.topic, update, end);
			start();
			awaitHandled(end);
			ConsumerRecord<String, byte[]> letter = awaitDeadLetters(1).get(0);
			assertThat(handled.attempts).hasValue(3);
			assertThat(handled.failed).containsExactly(update);
			assertThat(letter.key()).isEqualTo(KafkaTaskWatcherTests.this.topic + "-0@0");
			assertThat(TestBroker.header(letter, "original-key")).isEqualTo("task-1");
			assertThat(TestBroker.header(letter, "error-class")).isEqualTo(IllegalStateException.class.getName());
			assertThat(TestBroker.header(letter, "error")).contains("not yet");
			assertThat(TestBroker.header(letter, "listener")).contains("Handled.fail");
			assertThat(new String(letter.value(), StandardCharsets.UTF_8)).contains("DE-secret");
			assertThat(output).contains("it is stored as a dead letter").doesNotContain("DE-secret");
			// And back
			handled.failures.set(0);
			TestBroker.send(KafkaTaskWatcherTests.this.topic + "." + GROUP + ".replays", "key", letter.value());
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(handled.attempts).hasValue(4));
		}

		@Test
		void recordsThatCannotBeReadAreDeadLettersAtOnce(CapturedOutput output) {
			TaskUpdate end = TestTask.of("task-1").end(1);
			for (String value : new String[] { "DE-secret", "{\"version\":2,\"header\":{}}", "" }) {
				TestBroker.send(KafkaTaskWatcherTests.this.topic, "key", value.getBytes(StandardCharsets.UTF_8));
			}
			TestBroker.send(KafkaTaskWatcherTests.this.topic, "key", (byte[]) null);
			TestBroker.send(KafkaTaskWatcherTests.this.topic, end);
			TaskWatcher watcher = start();
			awaitHandled(end);
			List<ConsumerRecord<String, byte[]>> letters = awaitDeadLetters(3);
			assertThat(letters).extracting((letter) -> TestBroker.header(letter, "error-class"))
				.containsOnly("cloud.requence.task.TaskPayloadException");
			assertThat(TestBroker.header(letters.get(1), "error")).contains("version 2", "only in version 1");
			assertThat(watcher.status().updates().malformed()).isEqualTo(3);
			assertThat(output).contains("cannot be read").doesNotContain("DE-secret");
		}

		@Test
		void aDeadLetterThatIsTooLargeIsStoredWithoutItsValue() {
			KafkaTaskWatcherTests.this.handled.failures.set(Integer.MAX_VALUE);
			TestBroker.send(KafkaTaskWatcherTests.this.topic,
					TestTask.of("task-1").nodeUpdate("scan", "x".repeat(2000)));
			start("--spring.kafka.producer.properties.max.request.size=1500");
			ConsumerRecord<String, byte[]> letter = awaitDeadLetters(1).get(0);
			assertThat(letter.value()).isEmpty();
			assertThat(TestBroker.header(letter, "value-omitted")).isEqualTo("true");
		}

		@Test
		void withoutATopicOfDeadLettersTheRecordIsSkipped(CapturedOutput output) {
			KafkaTaskWatcherTests.this.handled.failures.set(Integer.MAX_VALUE);
			TaskUpdate end = TestTask.of("task-1").end(1);
			TestBroker.send(KafkaTaskWatcherTests.this.topic, "key", "?".getBytes(StandardCharsets.UTF_8));
			TestBroker.send(KafkaTaskWatcherTests.this.topic, TestTask.of("task-1").nodeUpdate("scan", 1), end);
			start("--requence.task.kafka.dead-letter-topic=");
			awaitHandled(end);
			assertThat(output).contains("cannot be read, it is skipped").contains("attempts, it is skipped");
		}

		@Test
		void aHandlerOfDeadLettersReplacesTheTopic() {
			KafkaTaskWatcherTests.this.handled.failures.set(Integer.MAX_VALUE);
			NodeUpdate update = TestTask.of("task-1").nodeUpdate("scan", 1);
			TestBroker.send(KafkaTaskWatcherTests.this.topic, update);
			List<DeadLetter> letters = new CopyOnWriteArrayList<>();
			start(bean("deadLetters", (DeadLetterHandler) letters::add));
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(letters).hasSize(1));
			assertThat(letters.get(0).update()).isEqualTo(update);
		}

		@Test
		void aWatcherThatStopsOnFailuresIsDownAndResumesWithTheRecord() {
			KafkaTaskWatcherTests.this.handled.failures.set(Integer.MAX_VALUE);
			NodeUpdate update = TestTask.of("task-1").nodeUpdate("scan", 1);
			TestBroker.send(KafkaTaskWatcherTests.this.topic, update);
			TaskWatcher watcher = start("--requence.task.listener.on-failure=stop");
			await().atMost(PATIENCE).until(() -> !watcher.isRunning());
			assertThat(watcher.status().expectedToRun()).isTrue();
			assertThat(health().getStatus()).isEqualTo(Status.DOWN);
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(KafkaTaskWatcherTests.this.handled.stopReasons)
					.containsExactly(TaskWatcherStoppedEvent.Reason.FAILURE));
			KafkaTaskWatcherTests.this.handled.failures.set(0);
			watcher.start();
			await().atMost(PATIENCE).until(() -> watcher.status().updates().delivered() == 1);
		}

		@Test
		void theTransactionOfAFailedAttemptIsRolledBack() {
			KafkaTaskWatcherTests.this.handled.failures.set(1);
			NodeUpdate update = TestTask.of("task-1").nodeUpdate("scan", 1);
			TestBroker.send(KafkaTaskWatcherTests.this.topic, update);
			Transactions transactions = new Transactions();
			TaskWatcher watcher = start(bean("transactions", transactions),
					"--requence.task.listener.transactional=true");
			await().atMost(PATIENCE).until(() -> watcher.status().updates().delivered() == 1);
			// The first commit shows that the failure is not that of the database
			assertThat(transactions.log).containsExactly("rollback", "commit", "commit");
			// All listeners are called again
			assertThat(KafkaTaskWatcherTests.this.handled.updates).containsExactly(update, update);
			assertThat(KafkaTaskWatcherTests.this.handled.inTransaction).isTrue();
		}

	}

	@Nested
	class Acknowledgements {

		@Test
		void endsAreAcknowledgedAfterTheyWereHandled() {
			String task = newTask();
			TestBroker.send(KafkaTaskWatcherTests.this.topic, TestTask.of(task).requireAck().end(1));
			KafkaTaskWatcherTests.this.handled.onUpdate = (
					update) -> assertThat(KafkaTaskWatcherTests.this.emulator.acknowledgements()).isEmpty();
			TaskWatcher watcher = start();
			awaitAcknowledged(task);
			await().atMost(PATIENCE).until(() -> watcher.status().acknowledgements().sent() == 1);
			assertThat(KafkaTaskWatcherTests.this.handled.updates).hasSize(1);
		}

		@Test
		void thePlatformIsWaitedForAndTheListenersAreNotCalledAgain() {
			String task = newTask();
			KafkaTaskWatcherTests.this.emulator.faults().failAcks(503, 1);
			TaskUpdate next = TestTask.of("next").end(1);
			TestBroker.send(KafkaTaskWatcherTests.this.topic, TestTask.of(task).requireAck().end(1), next);
			start();
			awaitHandled(next);
			awaitAcknowledged(task);
			assertThat(KafkaTaskWatcherTests.this.handled.updates).hasSize(2);
		}

		@Test
		void anEndThatWasNotAcknowledgedIsHandledAgainByTheNextInstance() {
			String task = newTask();
			KafkaTaskWatcherTests.this.emulator.faults().failAcks(503, 1000);
			TestBroker.send(KafkaTaskWatcherTests.this.topic, TestTask.of(task).requireAck().end(1));
			TaskWatcher first = start("--requence.task.listener.shutdown-timeout=1s");
			await().atMost(PATIENCE).until(() -> first.status().acknowledgements().pending() == 1);
			KafkaTaskWatcherTests.this.applications.get(0).close();
			KafkaTaskWatcherTests.this.emulator.faults().clear();
			start();
			awaitAcknowledged(task);
			assertThat(KafkaTaskWatcherTests.this.handled.updates).hasSize(2);
		}

		@Test
		void anEndThatNoListenerTakesIsLeft() {
			String task = newTask();
			TestBroker.send(KafkaTaskWatcherTests.this.topic, TestTask.of(task).requireAck().end(1));
			KafkaTaskWatcherTests.this.handled.takesEnds = false;
			TaskWatcher watcher = start();
			await().atMost(PATIENCE).until(() -> watcher.status().acknowledgements().left() == 1);
			assertThat(KafkaTaskWatcherTests.this.emulator.acknowledgements()).isEmpty();
		}

		@Test
		void nothingIsAcknowledgedInModeNoneAndNoTokenIsNeeded() {
			String task = newTask();
			TaskUpdate next = TestTask.of("next").end(1);
			TestBroker.send(KafkaTaskWatcherTests.this.topic, TestTask.of(task).requireAck().end(1), next);
			TaskWatcher watcher = start("--requence.task.ack.mode=none", "--requence.task.access-token=");
			awaitHandled(next);
			await().atMost(PATIENCE).until(() -> watcher.status().updates().delivered() == 2);
			assertThat(KafkaTaskWatcherTests.this.emulator.acknowledgements()).isEmpty();
		}

	}

	/**
	 * Listener methods, and what they have handled.
	 */
	static class Handled {

		private final List<TaskUpdate> updates = new CopyOnWriteArrayList<>();

		private final List<TaskUpdate> failed = new CopyOnWriteArrayList<>();

		private final List<TaskWatcherStoppedEvent.Reason> stopReasons = new CopyOnWriteArrayList<>();

		private final AtomicInteger failures = new AtomicInteger();

		private final AtomicInteger attempts = new AtomicInteger();

		private volatile boolean takesEnds = true;

		private volatile boolean inTransaction;

		private volatile @Nullable Object source;

		private volatile @Nullable String taskInLog;

		private volatile Consumer<TaskUpdate> onUpdate = (update) -> {
		};

		TaskWatcher watcher() {
			assertThat(this.source).isInstanceOf(TaskWatcher.class);
			return (TaskWatcher) this.source;
		}

		@Order(1)
		@EventListener(condition = "@handled.isTaken(#event)")
		void handle(TaskUpdateEvent<?> event) {
			this.source = event.getSource();
			this.taskInLog = MDC.get("requence.task.id");
			this.inTransaction = TransactionSynchronizationManager.isActualTransactionActive();
			this.updates.add(event.getPayload());
			this.onUpdate.accept(event.getPayload());
		}

		@Order(2)
		@EventListener
		void fail(NodeUpdate update) {
			this.attempts.incrementAndGet();
			if (this.failures.getAndUpdate((count) -> Math.max(0, count - 1)) > 0) {
				throw new IllegalStateException("not yet");
			}
		}

		@EventListener
		void failed(TaskUpdateFailedEvent event) {
			this.failed.add(event.update());
		}

		@EventListener
		void stopped(TaskWatcherStoppedEvent event) {
			this.stopReasons.add(event.reason());
		}

		public boolean isTaken(TaskUpdateEvent<?> event) {
			return this.takesEnds || !(event.getPayload() instanceof TaskEnd);
		}

	}

	/**
	 * Transactions that write down how they have ended.
	 */
	static class Transactions extends AbstractPlatformTransactionManager {

		private final transient List<String> log = new CopyOnWriteArrayList<>();

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			// Nothing to begin
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			this.log.add("commit");
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			this.log.add("rollback");
		}

	}

	/**
	 * Lets the first poll that finds a record fail.
	 */
	public static class OutOfMemoryOnce implements ConsumerInterceptor<byte[], byte[]> {

		private static final AtomicBoolean THROWN = new AtomicBoolean();

		@Override
		public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
			if (THROWN.compareAndSet(false, true)) {
				throw new OutOfMemoryError("Java heap space");
			}
			return records;
		}

		@Override
		public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
			// Nothing to see
		}

		@Override
		public void close() {
			// Nothing to close
		}

		@Override
		public void configure(Map<String, ?> configuration) {
			// Nothing to configure
		}

	}

	/**
	 * An admin that cannot reach the broker for some attempts.
	 */
	@Configuration(proxyBeanMethods = false)
	static class BrokerThatIsAwayAtFirst {

		@Bean
		KafkaAdmin kafkaAdmin(@Value("${broker-that-is-away-at-first.attempts}") int attempts) {
			AtomicInteger left = new AtomicInteger(attempts);
			return new KafkaAdmin(Map.of("bootstrap.servers", TestBroker.address())) {

				@Override
				protected Admin createAdmin() {
					if (left.getAndDecrement() > 0) {
						throw new KafkaException("The broker is away");
					}
					return super.createAdmin();
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RequenceTaskAutoConfiguration.class, RequenceTaskCheckpointAutoConfiguration.class,
			RequenceTaskKafkaAutoConfiguration.class, RequenceTaskHealthContributorAutoConfiguration.class,
			RequenceTaskMetricsAutoConfiguration.class, KafkaAutoConfiguration.class })
	static class Application {

		@Bean
		MeterRegistry meters() {
			return new SimpleMeterRegistry();
		}

	}

}
