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

package cloud.requence.task.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurationImportSelector;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.type.AnnotationMetadata;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TestAccessTokens;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is there of the parts that need an optional module, in applications that lack one.
 */
class OptionalModulesTests {

	private static final String HEALTH = "requenceTaskHealthContributor";

	private static final String ENDPOINT = "requenceTaskWatcherEndpoint";

	private static final String METRICS = "requenceTaskWatcherMetrics";

	private static final String UPDATE_METRICS = "requenceTaskUpdateMetricsFactory";

	private static final String OBSERVATION = "requenceTaskObservedDeliveryFactory";

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Watching.class)
		.withBean("registry", MeterRegistry.class, SimpleMeterRegistry::new)
		.withBean(ObservationRegistry.class, ObservationRegistry::create)
		.withPropertyValues("requence.task.auto-startup=false", "management.endpoints.web.exposure.include=*",
				"requence.task.access-token=" + TestAccessTokens.api("my-secret", "http://127.0.0.1:1/task"));

	private static List<String> parts(AssertableApplicationContext context) {
		assertThat(context).hasSingleBean(TaskWatcher.class);
		return Arrays.stream(context.getBeanDefinitionNames())
			.filter(List.of(HEALTH, ENDPOINT, METRICS, UPDATE_METRICS, OBSERVATION)::contains)
			.sorted()
			.toList();
	}

	@Test
	void allPartsAreThereWithAllModules() {
		this.runner.run((context) -> assertThat(parts(context)).containsExactlyInAnyOrder(HEALTH, ENDPOINT, METRICS,
				UPDATE_METRICS, OBSERVATION));
	}

	@ParameterizedTest
	@CsvSource({ "org.springframework.boot.health, " + HEALTH, "org.springframework.boot.actuate, " + ENDPOINT,
			"io.micrometer.core, " + METRICS, "io.micrometer.core, " + UPDATE_METRICS,
			"io.micrometer.observation, " + OBSERVATION })
	void aPartIsNotThereWithoutItsModule(String packageName, String bean) {
		without(packageName).run((context) -> assertThat(parts(context)).isNotEmpty().doesNotContain(bean));
	}

	@ParameterizedTest
	@CsvSource({ "org.springframework.boot.health, " + ENDPOINT, "org.springframework.boot.health, " + METRICS,
			"org.springframework.boot.actuate, " + HEALTH, "org.springframework.boot.actuate, " + METRICS,
			"io.micrometer.core, " + OBSERVATION, "io.micrometer.core, " + HEALTH,
			"org.springframework.boot.micrometer, " + METRICS, "org.springframework.boot.micrometer, " + OBSERVATION })
	void otherPartsAreThereWithoutIt(String packageName, String bean) {
		without(packageName).run((context) -> assertThat(parts(context)).contains(bean));
	}

	@Test
	void noPartIsThereWithoutAnyModule() {
		without("org.springframework.boot.health", "org.springframework.boot.actuate",
				"org.springframework.boot.micrometer", "io.micrometer")
			.run((context) -> assertThat(parts(context)).isEmpty());
	}

	private ApplicationContextRunner without(String... packageNames) {
		return this.runner.withClassLoader(new FilteredClassLoader(packageNames));
	}

	@Configuration(proxyBeanMethods = false)
	@Import(OurAutoConfigurations.class)
	static class Watching {

	}

	/**
	 * Selects and filters as an application does: what lacks a class is never loaded.
	 */
	static class OurAutoConfigurations extends AutoConfigurationImportSelector {

		@Override
		protected AnnotationAttributes getAttributes(AnnotationMetadata metadata) {
			return new AnnotationAttributes(Map.of("exclude", new String[0], "excludeName", new String[0]));
		}

		@Override
		protected List<String> getCandidateConfigurations(AnnotationMetadata metadata,
				@Nullable AnnotationAttributes attributes) {
			return super.getCandidateConfigurations(metadata, attributes).stream()
				.filter((name) -> name.startsWith("cloud.requence"))
				.toList();
		}

	}

}
