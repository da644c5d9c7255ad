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

package cloud.requence.task.autoconfigure.observation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.tracing.Tracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.task.DeliveryMonitor;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.UpdateType;
import cloud.requence.task.autoconfigure.RequenceTaskAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RequenceTaskObservationAutoConfiguration}.
 */
class RequenceTaskObservationAutoConfigurationTests {

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RequenceTaskObservationAutoConfiguration.class,
				RequenceTaskAutoConfiguration.class))
		.withUserConfiguration(Listeners.class)
		.withPropertyValues("requence.task.since=1h", "requence.task.listener.retry.delay=1ms",
				"requence.task.access-token=" + this.emulator.accessToken());

	private final Stopped stopped = new Stopped();

	private final ApplicationContextRunner observed = this.runner
		.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class))
		.withBean("stopped", ObservationHandler.class, () -> this.stopped);

	private TaskScript task;

	@BeforeEach
	void runTask() {
		this.task = this.emulator.task("invoice").start().end("done");
	}

	@AfterEach
	void close() {
		this.emulator.close();
	}

	private void awaitStopped(int expected) {
		await().atMost(Duration.ofSeconds(20)).until(() -> this.stopped.contexts.size() == expected);
	}

	@Test
	void observesEachAttempt() {
		this.observed.run((context) -> {
			awaitStopped(3);
			assertThat(this.stopped.contexts).allSatisfy((observed) -> {
				assertThat(observed.getName()).isEqualTo("requence.task.delivery");
				assertThat(observed.getHighCardinalityKeyValue("requence.task.id"))
					.isEqualTo(KeyValue.of("requence.task.id", this.task.taskId()));
			});
			assertThat(this.stopped.contexts).extracting(Observation.Context::getContextualName)
				.containsExactly("deliver taskStart", "deliver taskEnd", "deliver taskEnd");
			assertThat(this.stopped.contexts)
				.extracting((observed) -> observed.getLowCardinalityKeyValues()
					.stream()
					.map((key) -> key.getKey() + "=" + key.getValue())
					.sorted()
					.toList())
				.containsExactly(List.of("outcome=delivered", "type=taskStart", "watcher=requenceTaskWatcher"),
						List.of("outcome=retry", "type=taskEnd", "watcher=requenceTaskWatcher"),
						List.of("outcome=delivered", "type=taskEnd", "watcher=requenceTaskWatcher"));
			assertThat(this.stopped.contexts)
				.extracting((observed) -> String.valueOf(observed.getHighCardinalityKeyValue("requence.task.attempt")))
				.containsExactly("keyValue(requence.task.attempt=1)", "keyValue(requence.task.attempt=1)",
						"keyValue(requence.task.attempt=2)");
			assertThat(this.stopped.contexts).extracting(Observation.Context::getError)
				.satisfiesExactly((first) -> assertThat(first).isNull(),
						(second) -> assertThat(second).isInstanceOf(IllegalStateException.class),
						(third) -> assertThat(third).isNull());
		});
	}

	@Test
	void keepsIdentifiersOutOfTheTagsOfMetrics() {
		this.observed.run((context) -> {
			awaitStopped(3);
			assertThat(this.stopped.contexts).allSatisfy((observed) -> {
				assertThat(observed.getLowCardinalityKeyValues()).extracting(KeyValue::getKey)
					.containsExactlyInAnyOrder("watcher", "type", "outcome");
				assertThat(observed.getHighCardinalityKeyValues()).extracting(KeyValue::getKey)
					.containsExactlyInAnyOrder("requence.task.id", "requence.task.update.id", "requence.task.position",
							"requence.task.attempt");
			});
		});
	}

	@Test
	void takesAnotherConvention() {
		this.observed.withBean(TaskUpdateObservationConvention.class, OwnConvention::new).run((context) -> {
			awaitStopped(3);
			assertThat(this.stopped.contexts).allSatisfy((observed) -> {
				assertThat(observed.getName()).isEqualTo("my.delivery");
				assertThat(observed.getLowCardinalityKeyValue("task")).isEqualTo(KeyValue.of("task", "invoice"));
			});
		});
	}

	@Test
	void letsListenersLogInATrace() {
		this.observed
			.withConfiguration(
					AutoConfigurations.of(BraveAutoConfiguration.class, MicrometerTracingAutoConfiguration.class))
			.withPropertyValues("management.tracing.sampling.probability=1")
			.run((context) -> {
				awaitStopped(3);
				Listeners listeners = context.getBean(Listeners.class);
				assertThat(context).hasSingleBean(Tracer.class);
				assertThat(listeners.traces).hasSize(3)
					.doesNotHaveDuplicates()
					.allMatch((trace) -> trace.matches("[0-9a-f]{16,32}"));
			});
	}

	@Test
	void doesNothingIfNobodyHandlesObservations() {
		this.runner.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class)).run((context) -> {
			await().atMost(Duration.ofSeconds(20)).until(() -> context.getBean(Listeners.class).traces.size() == 3);
			assertThat(context.getBean(Listeners.class).traces).containsOnly("null");
			assertThat(context.getBean(DeliveryMonitor.Factory.class).create("test"))
				.satisfies((monitor) -> assertThat(monitor.begin(context.getBean(Listeners.class).last, 1))
					.isSameAs(monitor.begin(context.getBean(Listeners.class).last, 2)));
		});
	}

	@Test
	void givesWayToThatOfTheApplication() {
		DeliveryMonitor.Factory own = (watcher) -> (update, number) -> (outcome, failure) -> {
		};
		this.observed.withBean("requenceTaskObservedDeliveryFactory", DeliveryMonitor.Factory.class, () -> own)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(DeliveryMonitor.Factory.class)).isSameAs(own);
			});
	}

	@Test
	void isNotThereWithoutARegistry() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(TaskWatcher.class)
			.doesNotHaveBean(DeliveryMonitor.Factory.class));
	}

	@Test
	void isNotThereIfNothingIsWatched() {
		this.observed.withPropertyValues("requence.task.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(DeliveryMonitor.Factory.class));
	}

	@Test
	void isDocumented() {
		assertThat(TaskUpdateObservation.DELIVERY.getLowCardinalityKeyNames()).hasSize(3);
		assertThat(TaskUpdateObservation.DELIVERY.getHighCardinalityKeyNames()).hasSize(5);
		assertThat(TaskUpdateObservation.DELIVERY.getDefaultConvention())
			.isEqualTo(DefaultTaskUpdateObservationConvention.class);
	}

	private static final class Stopped implements ObservationHandler<TaskUpdateObservationContext> {

		private final List<TaskUpdateObservationContext> contexts = new CopyOnWriteArrayList<>();

		@Override
		public void onStop(TaskUpdateObservationContext context) {
			this.contexts.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof TaskUpdateObservationContext;
		}

	}

	private static final class OwnConvention extends DefaultTaskUpdateObservationConvention {

		@Override
		public String getName() {
			return "my.delivery";
		}

		@Override
		public KeyValues getLowCardinalityKeyValues(TaskUpdateObservationContext context) {
			return super.getLowCardinalityKeyValues(context)
				.and(KeyValue.of("task", String.valueOf(context.getUpdate().name())));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Listeners {

		private final List<String> traces = new CopyOnWriteArrayList<>();

		private volatile TaskUpdate last;

		private volatile boolean failed;

		@EventListener
		void on(TaskUpdate update) {
			this.last = update;
			this.traces.add(String.valueOf(MDC.get("traceId")));
			if (update.type() == UpdateType.TASK_END && !this.failed) {
				this.failed = true;
				throw new IllegalStateException("at first");
			}
		}

	}

}
