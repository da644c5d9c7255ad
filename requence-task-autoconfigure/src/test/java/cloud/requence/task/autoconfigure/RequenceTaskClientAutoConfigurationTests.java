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
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.emulator.RecordedRequest;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.junit.RequenceEmulatorExtension;
import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.client.ReactiveTaskClient;
import cloud.requence.task.client.TaskClient;
import cloud.requence.task.client.TaskHandle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RequenceTaskClientAutoConfiguration}.
 */
@ExtendWith(RequenceEmulatorExtension.class)
class RequenceTaskClientAutoConfigurationTests {

	private final RequenceEmulator emulator;

	private final ApplicationContextRunner runner;

	RequenceTaskClientAutoConfigurationTests(RequenceEmulator emulator) {
		this.emulator = emulator;
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RequenceTaskAutoConfiguration.class,
					RequenceTaskClientAutoConfiguration.class, WebClientAutoConfiguration.class))
			.withPropertyValues("requence.task.auto-startup=false",
					"requence.task.access-token=" + emulator.accessToken());
	}

	@Test
	void theClientNeedsNoWatcherThatRuns() {
		this.emulator.onTask("greeting", (task, input) -> task.end(Map.of("text", "Hello")));
		this.runner.run((context) -> {
			TaskHandle task = context.getBean(TaskClient.class).create("greeting", Map.of());
			assertThat(task.result(Greeting.class)).isEqualTo(new Greeting("Hello"));
			assertThat(context.getBean(TaskWatcher.class).isRunning()).isFalse();
		});
	}

	@Test
	void theClientIsCreatedWhenItIsNeeded() {
		this.runner.run((context) -> {
			assertThat(context.getBeanFactory().containsSingleton("requenceTaskClient")).isFalse();
			assertThat(context).hasSingleBean(TaskClient.class);
			assertThat(context.getBean(ReactiveTaskClient.class)).isNotNull();
			assertThat(context.getBeanFactory().containsSingleton("requenceTaskClient")).isTrue();
		});
	}

	@Test
	void thereIsAReactiveOneToo() {
		this.runner.run((context) -> assertThat(context.getBean(ReactiveTaskClient.class))
			.isSameAs(context.getBean(TaskClient.class).reactive()));
	}

	@Test
	void propertiesApply() {
		this.runner.withPropertyValues("requence.task.connection.max-event-size=10B").run((context) -> {
			TaskClient client = context.getBean(TaskClient.class);
			String taskId = this.emulator.task("greeting").start().taskId();
			assertThat(catchThrowable(() -> client.get(taskId))).hasMessageContaining("max-event-size");
		});
	}

	@Test
	void theApplicationsClientAndReaderAreUsed() {
		List<String> paths = new CopyOnWriteArrayList<>();
		this.emulator.onTask("greeting", (task, input) -> task.end(Map.of("TEXT", "Hello")));
		JsonMapper mapper = JsonMapper.builder()
			.propertyNamingStrategy(PropertyNamingStrategies.UPPER_SNAKE_CASE)
			.build();
		this.runner.withBean(PayloadReader.class, () -> PayloadReader.using(mapper))
			.withBean(WebClientCustomizer.class, () -> (builder) -> builder.filter((request, next) -> {
				paths.add(request.url().getPath());
				return next.exchange(request);
			}))
			.run((context) -> {
				TaskHandle task = context.getBean(TaskClient.class).create("greeting", Map.of());
				assertThat(task.result(Greeting.class)).isEqualTo(new Greeting("Hello"));
				assertThat(paths).contains("/api/task/prepare/greeting");
			});
	}

	@Test
	void customizersHaveTheLastWord() {
		JsonMapper mapper = JsonMapper.builder()
			.propertyNamingStrategy(PropertyNamingStrategies.UPPER_SNAKE_CASE)
			.build();
		this.runner.withBean(TaskClientBuilderCustomizer.class, () -> (builder) -> builder.jsonMapper(mapper))
			.run((context) -> {
				context.getBean(TaskClient.class).create("greeting", new Greeting("Hello"));
				assertThat(this.emulator.requests()).extracting(RecordedRequest::body)
					.anySatisfy((body) -> assertThat(body).contains("{\"TEXT\":\"Hello\"}"));
			});
	}

	@Test
	void backsOffForAClient() {
		TaskClient own = mock(TaskClient.class);
		ReactiveTaskClient reactive = mock(ReactiveTaskClient.class);
		given(own.reactive()).willReturn(reactive);
		this.runner.withBean(TaskClient.class, () -> own).run((context) -> {
			assertThat(context.getBean(TaskClient.class)).isSameAs(own);
			assertThat(context.getBean(ReactiveTaskClient.class)).isSameAs(reactive);
		});
	}

	@Test
	void isNotThereWhenOff() {
		this.runner.withPropertyValues("requence.task.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(TaskClient.class)
				.doesNotHaveBean(ReactiveTaskClient.class));
	}

	@Test
	void isNotThereWithoutWhatItNeeds() {
		for (Class<?> type : List.of(WebClient.class, JsonMapper.class)) {
			this.runner.withClassLoader(new FilteredClassLoader(type))
				.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("requenceTaskClient"));
		}
	}

	record Greeting(String text) {

	}

}
