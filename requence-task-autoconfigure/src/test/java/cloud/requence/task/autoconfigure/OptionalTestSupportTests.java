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

import java.util.List;

import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.TestExecutionListener;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TestAccessTokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Applications without the libraries that containers and tests need.
 */
class OptionalTestSupportTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RequenceTaskAutoConfiguration.class, WebClientAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class, HttpClientAutoConfiguration.class))
		.withPropertyValues("requence.task.auto-startup=false",
				"requence.task.access-token=" + TestAccessTokens.api("secret", "http://127.0.0.1:1"));

	@Test
	void startWithoutAll() {
		this.runner
			.withClassLoader(new FilteredClassLoader("org.testcontainers", "org.springframework.boot.testcontainers",
					"org.springframework.boot.docker", "org.springframework.test", "org.junit",
					"cloud.requence.emulator"))
			.run((context) -> assertThat(context).hasSingleBean(TaskWatcher.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.testcontainers", "org.springframework.boot.testcontainers",
			"org.springframework.boot.docker" })
	void findTheConnectionDetailsOfTheOthers(String missing) {
		assertThatNoException().isThrownBy(() -> new ConnectionDetailsFactories(new FilteredClassLoader(missing))
			.getConnectionDetails("an unknown source", false));
	}

	@ParameterizedTest
	@ValueSource(strings = { "cloud.requence.emulator", "org.junit" })
	void canBeTestedByOtherMeans(String missing) {
		SpringFactoriesLoader factories = SpringFactoriesLoader
			.forDefaultResourceLocation(new FilteredClassLoader(missing));
		for (Class<?> type : List.of(ContextCustomizerFactory.class, TestExecutionListener.class)) {
			assertThat(factories.load(type, FailureHandler.logging(LogFactory.getLog(getClass()))))
				.anyMatch((factory) -> factory.getClass().getName().startsWith("cloud.requence.task.test"));
		}
	}

}
