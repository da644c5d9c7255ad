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

package cloud.requence.task.autoconfigure.health;

import java.time.Clock;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.CompositeHealthContributorConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherFactory;
import cloud.requence.task.autoconfigure.RequenceTaskAutoConfiguration;
import cloud.requence.task.autoconfigure.RequenceTaskProperties;

/**
 * Auto-configuration for the health of task watchers.
 */
@AutoConfiguration(after = RequenceTaskAutoConfiguration.class,
		beforeName = "org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration")
@ConditionalOnClass({ TaskWatcher.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean({ TaskWatcher.class, TaskWatcherFactory.class, RequenceTaskProperties.class })
@ConditionalOnEnabledHealthIndicator("requence-task")
public final class RequenceTaskHealthContributorAutoConfiguration
		extends CompositeHealthContributorConfiguration<TaskWatcherHealthIndicator, TaskWatcher> {

	RequenceTaskHealthContributorAutoConfiguration(RequenceTaskProperties properties) {
		super((watcher) -> new TaskWatcherHealthIndicator(watcher, properties.getHealth().getDownAfter(),
				properties.getHealth().getStuckAfter(), Clock.systemUTC()));
	}

	@Bean
	@ConditionalOnMissingBean(name = { "requenceTaskHealthIndicator", "requenceTaskHealthContributor" })
	HealthContributor requenceTaskHealthContributor(ConfigurableListableBeanFactory beanFactory) {
		return createContributor(beanFactory, TaskWatcher.class);
	}

}
