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

package cloud.requence.task.autoconfigure.metrics;

import java.time.Duration;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.task.DeliveryMonitor;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TestAccessTokens;
import cloud.requence.task.autoconfigure.RequenceTaskAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RequenceTaskMetricsAutoConfiguration}.
 */
class RequenceTaskMetricsAutoConfigurationTests {

	private final ApplicationContextRunner withoutRegistry = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(RequenceTaskMetricsAutoConfiguration.class, RequenceTaskAutoConfiguration.class))
		.withPropertyValues("requence.task.auto-startup=false",
				"requence.task.access-token=" + TestAccessTokens.api("my-secret", "http://127.0.0.1:1/task"));

	private final ApplicationContextRunner runner = this.withoutRegistry
		.withConfiguration(
				AutoConfigurations.of(MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class))
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new);

	@Test
	void countsTheUpdatesOfARunningWatcher() {
		try (RequenceEmulator emulator = RequenceEmulator.builder().build().start()) {
			emulator.task("invoice").start().nodeStart("a").end("done");
			TaskUpdateHandler handler = (update) -> {
			};
			this.runner.withBean(TaskUpdateHandler.class, () -> handler)
				.withPropertyValues("requence.task.auto-startup=true", "requence.task.since=1h",
						"requence.task.access-token=" + emulator.accessToken(),
						"requence.task.filter.only=task-start,task-end")
				.run((context) -> {
					MeterRegistry registry = context.getBean(MeterRegistry.class);
					await().atMost(Duration.ofSeconds(20)).until(() -> count(registry, "taskEnd", "delivered") == 1);
					assertThat(count(registry, "taskStart", "delivered")).isOne();
					assertThat(count(registry, "nodeStart", "filtered")).isOne();
					assertThat(registry.get("requence.task.updates.lag").timer().count()).isEqualTo(2);
					assertThat(registry.get("requence.task.frames").functionCounter().count()).isEqualTo(3);
					assertThat(registry.get("requence.task.watcher.state").tag("state", "STREAMING").gauge().value())
						.isOne();
				});
		}
	}

	private static double count(MeterRegistry registry, String type, String outcome) {
		return registry.get("requence.task.updates").tags("type", type, "outcome", outcome).counter().count();
	}

	@Test
	void tellsNoIdentifierAndNoSecretInATag() {
		this.runner.run((context) -> assertThat(context.getBean(MeterRegistry.class).getMeters())
			.filteredOn((meter) -> meter.getId().getName().startsWith("requence."))
			.isNotEmpty()
			.allSatisfy((meter) -> assertThat(meter.getId().getTags()).extracting((tag) -> tag.getKey())
				.isSubsetOf("watcher", "state", "type", "outcome", "reason")));
	}

	@Test
	void givesWayToBeansOfTheApplication() {
		MeterBinder binder = (registry) -> {
		};
		DeliveryMonitor.Factory factory = (watcher) -> (update, number) -> (outcome, failure) -> {
		};
		this.runner.withBean("requenceTaskWatcherMetrics", MeterBinder.class, () -> binder)
			.withBean("requenceTaskUpdateMetricsFactory", DeliveryMonitor.Factory.class, () -> factory)
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(TaskWatcherMetrics.class);
				assertThat(context.getBean("requenceTaskWatcherMetrics")).isSameAs(binder);
				assertThat(context.getBean(DeliveryMonitor.Factory.class)).isSameAs(factory);
			});
	}

	@Test
	void isNotThereWithoutARegistry() {
		this.withoutRegistry.run((context) -> assertThat(context).hasSingleBean(TaskWatcher.class)
			.doesNotHaveBean(TaskWatcherMetrics.class)
			.doesNotHaveBean(DeliveryMonitor.Factory.class));
	}

	@Test
	void isNotThereIfNothingIsWatched() {
		this.runner.withPropertyValues("requence.task.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(TaskWatcherMetrics.class)
				.doesNotHaveBean(DeliveryMonitor.Factory.class));
	}

}
