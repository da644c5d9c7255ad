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

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.task.AccessToken;
import cloud.requence.task.InvalidAccessTokenException;
import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherFactory;
import cloud.requence.task.TestAccessTokens;
import cloud.requence.task.listener.TaskUpdateListenerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RequenceTaskAutoConfiguration}.
 */
class RequenceTaskAutoConfigurationTests {

	private static final String TOKEN = TestAccessTokens.api("task-secret", "http://127.0.0.1:1/task");

	private static final String SHARED_TOKEN = TestAccessTokens.api("shared-secret", "http://127.0.0.1:1/shared");

	private final ApplicationContextRunner withoutToken = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RequenceTaskAutoConfiguration.class, WebClientAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class, HttpClientAutoConfiguration.class))
		.withPropertyValues("requence.task.auto-startup=false");

	private final ApplicationContextRunner runner = this.withoutToken
		.withPropertyValues("requence.task.access-token=" + TOKEN);

	private static AccessToken tokenOf(ApplicationContext context) {
		return context.getBean(RequenceTaskConnectionDetails.class).getAccessToken();
	}

	@Test
	void aTokenIsEnough() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(TaskWatcher.class).hasBean("requenceTaskWatcher");
			assertThat(context.getBean(TaskWatcher.class).name()).isEqualTo("requenceTaskWatcher");
			assertThat(context.getBean(TaskWatcher.class).isRunning()).isFalse();
		});
	}

	@Test
	void theWatcherStartsAndStopsWithTheApplication() {
		List<TaskWatcher> watchers = new ArrayList<>();
		this.runner.withPropertyValues("requence.task.auto-startup=true").run((context) -> {
			TaskWatcher watcher = context.getBean(TaskWatcher.class);
			assertThat(watcher.isRunning()).isTrue();
			assertThat(watcher.getPhase()).isEqualTo(Integer.MAX_VALUE - 100);
			watchers.add(watcher);
		});
		assertThat(watchers).singleElement().matches((watcher) -> !watcher.isRunning());
	}

	@Nested
	class Off {

		@Test
		void leavesNoBeanOfOurs() {
			runner.withPropertyValues("requence.task.enabled=false")
				.run((context) -> assertThat(ourBeans(context)).isEmpty());
		}

		@Test
		void needsNoToken() {
			withoutToken.withPropertyValues("requence.task.enabled=false")
				.run((context) -> assertThat(context).hasNotFailed());
		}

		@ParameterizedTest
		@ValueSource(classes = { WebClient.class, JsonMapper.class })
		void isItWithoutWhatItNeeds(Class<?> type) {
			withoutToken.withClassLoader(new FilteredClassLoader(type))
				.run((context) -> assertThat(ourBeans(context)).isEmpty());
		}

		@Test
		void isNotWithoutActuator() {
			runner.withClassLoader(new FilteredClassLoader(SanitizingFunction.class)).run((context) -> {
				assertThat(context).hasSingleBean(TaskWatcher.class);
				assertThat(context.getBeanDefinitionNames()).noneMatch((name) -> name.contains("Sanitizer"));
			});
		}

		private static List<String> ourBeans(AssertableApplicationContext context) {
			assertThat(context).hasNotFailed();
			return Arrays.stream(context.getBeanDefinitionNames())
				.filter((name) -> ClassUtils.getPackageName(String.valueOf(context.getType(name)))
					.contains("cloud.requence"))
				.toList();
		}

	}

	@Nested
	class Token {

		private static final String[] NAMES = { "REQUENCE_TASK_ACCESS_TOKEN", "REQUENCE_ACCESS_TOKEN" };

		@Test
		void comesFromItsProperty() {
			runner.run((context) -> assertThat(tokenOf(context).secret()).isEqualTo("task-secret"));
		}

		@Test
		void comesFromTheSharedProperty() {
			withoutToken.withPropertyValues("requence.access-token=" + SHARED_TOKEN)
				.run((context) -> assertThat(tokenOf(context).secret()).isEqualTo("shared-secret"));
		}

		@Test
		void comesFromTheEnvironmentVariableForTasks() {
			withEnvironmentVariables(Map.of(NAMES[0], TOKEN))
				.run((context) -> assertThat(tokenOf(context).secret()).isEqualTo("task-secret"));
		}

		@Test
		void comesFromTheSharedEnvironmentVariable() {
			withEnvironmentVariables(Map.of(NAMES[1], SHARED_TOKEN))
				.run((context) -> assertThat(tokenOf(context).secret()).isEqualTo("shared-secret"));
		}

		@Test
		void comesFromTheEnvironmentVariableForTasksIfBothAreSet() {
			withEnvironmentVariables(Map.of(NAMES[1], SHARED_TOKEN, NAMES[0], TOKEN))
				.run((context) -> assertThat(tokenOf(context).secret()).isEqualTo("task-secret"));
		}

		@Test
		void comesFromTheSharedOneIfItsOwnIsBlank() {
			withEnvironmentVariables(Map.of(NAMES[1], SHARED_TOKEN)).withPropertyValues("requence.task.access-token=")
				.run((context) -> assertThat(tokenOf(context).secret()).isEqualTo("shared-secret"));
		}

		@Test
		void comesThroughAPlaceholder() {
			withEnvironmentVariables(Map.of(NAMES[1], SHARED_TOKEN))
				.withPropertyValues("requence.task.access-token=${REQUENCE_ACCESS_TOKEN}")
				.run((context) -> assertThat(tokenOf(context).secret()).isEqualTo("shared-secret"));
		}

		@Test
		void isReadAnew() {
			Map<String, Object> vault = new HashMap<>(Map.of("requence.task.access-token", TOKEN));
			withoutToken
				.withInitializer((context) -> context.getEnvironment()
					.getPropertySources()
					.addFirst(new MapPropertySource("vault", vault)))
				.run((context) -> {
					assertThat(tokenOf(context).secret()).isEqualTo("task-secret");
					vault.put("requence.task.access-token",
							TestAccessTokens.api("rotated-secret", "https://a.example"));
					assertThat(tokenOf(context).secret()).isEqualTo("rotated-secret");
				});
		}

		@Test
		void isForTheBaseUrlThatIsSet() {
			runner.withPropertyValues("requence.task.base-url=https://b.example/api/")
				.run((context) -> assertThat(tokenOf(context).baseUrl())
					.isEqualTo(URI.create("https://b.example/api")));
		}

		@Test
		void isForItsOwnBaseUrlIfABlankOneIsSet() {
			runner.withPropertyValues("requence.task.base-url= ")
				.run((context) -> assertThat(tokenOf(context).baseUrl())
					.isEqualTo(URI.create("http://127.0.0.1:1/task")));
		}

		@Test
		void failsTheStartIfItIsMissing() {
			withoutToken.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOf(InvalidAccessTokenException.class));
		}

		@Test
		void isNotNeededByAWatcherThatHasItsOwn() {
			withoutToken.withUserConfiguration(OwnWatcher.class)
				.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(TaskWatcher.class));
		}

		private ApplicationContextRunner withEnvironmentVariables(Map<String, Object> variables) {
			return withoutToken.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
						new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
								variables)));
		}

	}

	@Nested
	class BacksOff {

		@Test
		void forConnectionDetails() {
			RequenceTaskConnectionDetails details = () -> AccessToken.parse(SHARED_TOKEN);
			withoutToken.withBean(RequenceTaskConnectionDetails.class, () -> details)
				.withPropertyValues("requence.task.base-url=https://ignored.example")
				.run((context) -> {
					assertThat(context).hasSingleBean(RequenceTaskConnectionDetails.class);
					assertThat(tokenOf(context)).isEqualTo(AccessToken.parse(SHARED_TOKEN));
				});
		}

		@Test
		void forAPayloadReader() {
			assertBacksOff(PayloadReader.class, mock(PayloadReader.class));
		}

		@Test
		void forAnErrorHandler() {
			assertBacksOff(TaskUpdateErrorHandler.class, mock(TaskUpdateErrorHandler.class));
		}

		@Test
		void forAWatcherFactory() {
			TaskWatcherFactory factory = mock(TaskWatcherFactory.class);
			TaskWatcher.Builder builder = mock(TaskWatcher.Builder.class);
			given(factory.builder("requenceTaskWatcher")).willReturn(builder);
			given(builder.build()).willReturn(mock(TaskWatcher.class));
			assertBacksOff(TaskWatcherFactory.class, factory);
		}

		@Test
		void forAWatcher() {
			assertBacksOff(TaskWatcher.class, mock(TaskWatcher.class));
		}

		@Test
		void forAListenerFactory() {
			assertBacksOff(TaskUpdateListenerFactory.class, new TaskUpdateListenerFactory());
		}

		@Test
		void notForAFurtherWatcher() {
			runner.withUserConfiguration(FurtherWatcher.class).run((context) -> {
				assertThat(context).hasBean("requenceTaskWatcher").hasBean("furtherWatcher");
				assertThat(context.getBean("furtherWatcher", TaskWatcher.class).name()).isEqualTo("further");
				assertThat(context.getBean(TaskWatcher.class).name()).isEqualTo("requenceTaskWatcher");
			});
		}

		private <T> void assertBacksOff(Class<T> type, T bean) {
			runner.withBean("own", type, () -> bean).run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(type);
				assertThat(context.getBean(type)).isSameAs(bean);
			});
		}

	}

	@Nested
	class Customizers {

		@Test
		void areCalledInOrderAndHaveTheLastWord() {
			runner.withUserConfiguration(OrderedCustomizers.class).run((context) -> {
				assertThat(context.getBean("calls")).isEqualTo(List.of("first", "second"));
				assertThat(context.getBean(TaskWatcher.class).getPhase()).isEqualTo(2);
			});
		}

		@Test
		void areCalledForFurtherWatchersToo() {
			runner.withUserConfiguration(OrderedCustomizers.class, FurtherWatcher.class)
				.run((context) -> assertThat(context.getBean("furtherWatcher", TaskWatcher.class).getPhase())
					.isEqualTo(2));
		}

	}

	@Nested
	class Ssl {

		@Test
		void needsABundleThatIsThere() {
			runner.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class))
				.withPropertyValues("requence.task.ssl.bundle=missing")
				.run((context) -> assertThat(context).hasFailed()
					.getFailure()
					.rootCause()
					.isInstanceOf(InvalidPropertyException.class)
					.hasMessageContaining("'missing'"));
		}

		@Test
		void needsBundlesAtAll() {
			runner.withPropertyValues("requence.task.ssl.bundle=missing")
				.run((context) -> assertThat(context).hasFailed()
					.getFailure()
					.rootCause()
					.hasMessageContaining("requence.task.ssl.bundle"));
		}

	}

	@Nested
	class MapperOfTheApplication {

		private final ApplicationContextRunner application = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
			.withPropertyValues("spring.jackson.property-naming-strategy=SNAKE_CASE",
					"requence.task.access-token=" + TOKEN, "requence.task.auto-startup=false");

		@Test
		void isTheSameWithAndWithoutUs() {
			this.application.run((without) -> this.application
				.withConfiguration(
						AutoConfigurations.of(RequenceTaskAutoConfiguration.class, WebClientAutoConfiguration.class))
				.run((with) -> {
					assertThat(with).hasSingleBean(TaskWatcher.class);
					assertThat(with.getBeanNamesForType(ObjectMapper.class))
						.containsExactly(without.getBeanNamesForType(ObjectMapper.class));
					assertThat(write(with)).isEqualTo(write(without)).contains("first_name");
				}));
		}

		@Test
		void isNotUsed() {
			this.application
				.withConfiguration(
						AutoConfigurations.of(RequenceTaskAutoConfiguration.class, WebClientAutoConfiguration.class))
				.run((context) -> {
					assertThat(context).hasNotFailed().doesNotHaveBean(PayloadReader.class);
					assertThat(TaskPayload.of("{\"firstName\":\"Ada\"}").as(Person.class)).isEqualTo(new Person("Ada"));
				});
		}

		@Test
		void isNotNeeded() {
			runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ObjectMapper.class));
		}

		private static String write(ApplicationContext context) {
			return context.getBean(JsonMapper.class).writeValueAsString(new Person("Ada"));
		}

	}

	record Person(String firstName) {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnWatcher {

		@Bean
		TaskWatcher ownWatcher(TaskWatcherFactory factory) {
			return factory.builder("own").accessToken(TOKEN).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FurtherWatcher {

		@Bean(defaultCandidate = false)
		TaskWatcher furtherWatcher(TaskWatcherFactory factory) {
			return factory.builder("further").accessToken(SHARED_TOKEN).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OrderedCustomizers {

		@Bean
		List<String> calls() {
			return new ArrayList<>();
		}

		@Bean
		@Order(2)
		TaskWatcherBuilderCustomizer second(@Qualifier("calls") List<String> calls) {
			return (builder) -> {
				calls.add("second");
				builder.phase(2);
			};
		}

		@Bean
		@Order(1)
		TaskWatcherBuilderCustomizer first(@Qualifier("calls") List<String> calls) {
			return (builder) -> {
				calls.add("first");
				builder.phase(1);
			};
		}

	}

}
