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

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherFactory;
import cloud.requence.task.TestAccessTokens;
import cloud.requence.task.autoconfigure.RequenceTaskAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RequenceTaskHealthContributorAutoConfiguration}.
 */
class RequenceTaskHealthContributorAutoConfigurationTests {

	private static final String NAME = "requenceTaskHealthContributor";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RequenceTaskHealthContributorAutoConfiguration.class,
				RequenceTaskAutoConfiguration.class))
		.withPropertyValues("requence.task.auto-startup=false",
				"requence.task.access-token=" + TestAccessTokens.api("my-secret", "http://127.0.0.1:1/task"));

	private final ApplicationContextRunner withEndpoint = this.runner.withConfiguration(AutoConfigurations.of(
			HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
			HealthEndpointAutoConfiguration.class, EndpointAutoConfiguration.class,
			AvailabilityProbesAutoConfiguration.class, ApplicationAvailabilityAutoConfiguration.class));

	@Test
	void aWatcherHasAnIndicator() {
		this.runner.run((context) -> assertThat(context.getBean(NAME)).isInstanceOf(TaskWatcherHealthIndicator.class));
	}

	@Test
	void severalWatchersHaveOneEach() {
		this.runner.withUserConfiguration(FurtherWatcher.class)
			.run((context) -> assertThat(context.getBean(NAME, CompositeHealthContributor.class).stream())
				.extracting(CompositeHealthContributor.Entry::name)
				.containsExactlyInAnyOrder("requenceTaskWatcher", "furtherWatcher"));
	}

	@Test
	void isOneComponentOfTheHealthOfTheApplication() {
		this.withEndpoint.run((context) -> assertThat(context.getBean(HealthEndpoint.class).health())
			.isInstanceOfSatisfying(CompositeHealthDescriptor.class, (health) -> assertThat(health.getComponents())
				.hasEntrySatisfying("requenceTask", (task) -> assertThat(task.getStatus()).isEqualTo(Status.UP))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "liveness", "readiness" })
	void doesNotRestartApplicationsNorKeepTrafficAway(String group) {
		this.withEndpoint.withPropertyValues("management.endpoint.health.probes.enabled=true").run((context) -> {
			HealthEndpointGroup probe = context.getBean(HealthEndpointGroups.class).get(group);
			assertThat(probe).isNotNull();
			assertThat(probe.isMember("requenceTask")).isFalse();
		});
	}

	@Test
	void isDownAsSoonAsThePropertySays() {
		this.runner
			.withPropertyValues("requence.task.auto-startup=true", "requence.task.health.down-after=10ms",
					"requence.task.reconnect.delay=1h", "requence.task.reconnect.max-delay=1h")
			.run((context) -> await().atMost(Duration.ofSeconds(20)).until(() -> {
				Health health = context.getBean(NAME, HealthIndicator.class).health();
				return health != null && health.getStatus().equals(Status.DOWN);
			}));
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.health.requence-task.enabled=false",
			"management.health.defaults.enabled=false", "requence.task.enabled=false" })
	void isNotThereIfSwitchedOff(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthContributor.class));
	}

	@Test
	void isThereWithoutActuator() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasBean(NAME));
	}

	@ParameterizedTest
	@ValueSource(strings = { NAME, "requenceTaskHealthIndicator" })
	void givesWayToThatOfTheApplication(String name) {
		HealthIndicator own = () -> Health.up().build();
		this.runner.withBean(name, HealthIndicator.class, () -> own)
			.run((context) -> assertThat(context).getBean(HealthContributor.class).isSameAs(own));
	}

	@Configuration(proxyBeanMethods = false)
	static class FurtherWatcher {

		@Bean
		TaskWatcher requenceTaskWatcher(TaskWatcherFactory watchers) {
			return watchers.builder("requenceTaskWatcher").build();
		}

		@Bean(defaultCandidate = false)
		TaskWatcher furtherWatcher(TaskWatcherFactory watchers) {
			return watchers.builder("furtherWatcher").build();
		}

	}

}
