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

import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.SimpleAutowireCandidateResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import cloud.requence.task.DeliveryMonitor;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherFactory;
import cloud.requence.task.autoconfigure.RequenceTaskAutoConfiguration;

/**
 * Auto-configuration for the metrics of task watchers.
 */
@AutoConfiguration(after = RequenceTaskAutoConfiguration.class,
		afterName = { "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnClass({ MeterRegistry.class, TaskWatcher.class })
@ConditionalOnBean({ MeterRegistry.class, TaskWatcherFactory.class })
public final class RequenceTaskMetricsAutoConfiguration {

	RequenceTaskMetricsAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = "requenceTaskWatcherMetrics")
	TaskWatcherMetrics requenceTaskWatcherMetrics(ConfigurableListableBeanFactory beanFactory) {
		return new TaskWatcherMetrics(
				() -> SimpleAutowireCandidateResolver.resolveAutowireCandidates(beanFactory, TaskWatcher.class)
					.values());
	}

	@Bean
	@ConditionalOnMissingBean(name = "requenceTaskUpdateMetricsFactory")
	@Order(Ordered.LOWEST_PRECEDENCE)
	DeliveryMonitor.Factory requenceTaskUpdateMetricsFactory(MeterRegistry registry) {
		// Inside of the observation, so that measurements belong to the trace
		return (watcher) -> new UpdateMetrics(watcher, registry);
	}

}
