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

import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
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
 * Auto-configuration for observations of deliveries.
 */
@AutoConfiguration(after = RequenceTaskAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass({ ObservationRegistry.class, TaskWatcher.class })
@ConditionalOnBean({ ObservationRegistry.class, TaskWatcherFactory.class })
public final class RequenceTaskObservationAutoConfiguration {

	RequenceTaskObservationAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = "requenceTaskObservedDeliveryFactory")
	@Order(Ordered.HIGHEST_PRECEDENCE)
	DeliveryMonitor.Factory requenceTaskObservedDeliveryFactory(ObservationRegistry registry,
			ObjectProvider<TaskUpdateObservationConvention> convention) {
		TaskUpdateObservationConvention custom = convention.getIfAvailable();
		// Surrounds all other monitors, so that they belong to the trace
		return (watcher) -> new ObservedDelivery(watcher, registry, custom);
	}

}
