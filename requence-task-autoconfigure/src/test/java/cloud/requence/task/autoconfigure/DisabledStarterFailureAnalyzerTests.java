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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.client.TaskClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link DisabledStarterFailureAnalyzer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DisabledStarterFailureAnalyzerTests {

	@ParameterizedTest
	@ValueSource(classes = { WithWatcher.class, WithClient.class })
	void namesThePropertyThatTurnsTheStarterOff(Class<?> configuration, CapturedOutput output) {
		start(configuration);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("there is none, as 'requence.task.enabled' is 'false'")
			.contains("or remove 'requence.task.enabled'");
	}

	@Test
	void leavesOtherBeansToSpringBoot(CapturedOutput output) {
		start(WithOther.class);
		assertThat(output).contains("required a bean of type 'java.lang.Runnable'")
			.doesNotContain("requence.task.enabled");
	}

	private static void start(Class<?> configuration) {
		SpringApplication application = new SpringApplication(configuration);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException().isThrownBy(() -> application.run("--requence.task.enabled=false").close());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
	static class WithWatcher {

		WithWatcher(TaskWatcher watcher) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
	static class WithClient {

		WithClient(TaskClient client) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WithOther {

		WithOther(Runnable other) {
		}

	}

}
