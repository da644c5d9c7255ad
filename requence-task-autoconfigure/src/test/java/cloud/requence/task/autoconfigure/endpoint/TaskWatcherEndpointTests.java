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

package cloud.requence.task.autoconfigure.endpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TestAccessTokens;
import cloud.requence.task.TestStatus;
import cloud.requence.task.autoconfigure.RequenceTaskAutoConfiguration;
import cloud.requence.task.autoconfigure.endpoint.TaskWatcherEndpoint.Action;
import cloud.requence.task.autoconfigure.endpoint.TaskWatcherEndpoint.WatcherDescriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link TaskWatcherEndpoint} and
 * {@link RequenceTaskEndpointAutoConfiguration}.
 */
class TaskWatcherEndpointTests {

	private final Map<String, TaskWatcher> watchers = new LinkedHashMap<>();

	private final TaskWatcherEndpoint endpoint = new TaskWatcherEndpoint(() -> this.watchers);

	private final TaskWatcher first = add("first", State.STREAMING);

	private TaskWatcher add(String name, State state) {
		TaskWatcher watcher = mock(TaskWatcher.class);
		given(watcher.status()).willReturn(TestStatus.of(state).build());
		this.watchers.put(name, watcher);
		return watcher;
	}

	static Stream<Arguments> actions() {
		return Stream.of(arguments(Action.START, (Consumer<TaskWatcher>) TaskWatcher::start),
				arguments(Action.STOP, (Consumer<TaskWatcher>) TaskWatcher::stop),
				arguments(Action.PAUSE, (Consumer<TaskWatcher>) TaskWatcher::pause),
				arguments(Action.RESUME, (Consumer<TaskWatcher>) TaskWatcher::resume));
	}

	@Test
	void showsAllWatchers() {
		add("another", State.PAUSED);
		assertThat(this.endpoint.watchers().watchers())
			.hasEntrySatisfying("first", (status) -> assertThat(status.state()).isEqualTo(State.STREAMING))
			.hasEntrySatisfying("another", (status) -> assertThat(status.state()).isEqualTo(State.PAUSED));
	}

	@Test
	void showsAWatcher() {
		assertThat(this.endpoint.watcher("first")).isEqualTo(new WatcherDescriptor(this.first.status()));
		assertThat(this.endpoint.watcher("unknown")).isNull();
	}

	@ParameterizedTest
	@MethodSource("actions")
	void steersTheOnlyWatcher(Action action, Consumer<TaskWatcher> call) {
		assertThat(this.endpoint.control(action)).isEqualTo(new WatcherDescriptor(this.first.status()));
		call.accept(then(this.first).should());
	}

	@ParameterizedTest
	@MethodSource("actions")
	void steersTheOneThatIsNamed(Action action, Consumer<TaskWatcher> call) {
		TaskWatcher second = add("second", State.PAUSED);
		assertThat(this.endpoint.controlWatcher("second", action)).isEqualTo(new WatcherDescriptor(second.status()));
		call.accept(then(second).should());
		call.accept(then(this.first).should(never()));
	}

	@Test
	void steersNoneOfSeveralWithoutAName() {
		add("another", State.PAUSED);
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> this.endpoint.control(Action.STOP))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("another, first"));
		then(this.first).should(never()).stop();
	}

	@Test
	void steersNoneThatIsUnknown() {
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> this.endpoint.controlWatcher("unknown", Action.STOP))
			.satisfies((ex) -> assertThat(ex.getReason()).endsWith("There are: first"));
		then(this.first).should(never()).stop();
	}

	@Nested
	class Configuration {

		private final ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RequenceTaskEndpointAutoConfiguration.class,
					RequenceTaskAutoConfiguration.class))
			.withPropertyValues("requence.task.auto-startup=false",
					"requence.task.access-token=" + TestAccessTokens.api("my-secret", "http://127.0.0.1:1/task"));

		private final ApplicationContextRunner exposed = this.runner
			.withPropertyValues("management.endpoints.web.exposure.include=requencetask");

		@Test
		void isThereIfExposed() {
			this.exposed.run((context) -> {
				assertThat(context).hasSingleBean(TaskWatcherEndpoint.class);
				assertThat(context.getBean(TaskWatcherEndpoint.class).watchers().watchers())
					.containsOnlyKeys("requenceTaskWatcher");
			});
		}

		@Test
		void isSteeredThroughJmx() {
			this.runner
				.withConfiguration(AutoConfigurations.of(JmxAutoConfiguration.class, EndpointAutoConfiguration.class,
						JmxEndpointAutoConfiguration.class))
				.withPropertyValues("spring.jmx.enabled=true", "management.endpoints.jmx.exposure.include=*")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					MBeanServer server = context.getBean(MBeanServer.class);
					ObjectName name = new ObjectName("org.springframework.boot:type=Endpoint,name=Requencetask");
					assertThat(server.getMBeanInfo(name).getOperations()).extracting(MBeanOperationInfo::getName)
						.containsExactlyInAnyOrder("watchers", "watcher", "control", "controlWatcher");
					server.invoke(name, "controlWatcher", new Object[] { "requenceTaskWatcher", "start" },
							new String[] { String.class.getName(), String.class.getName() });
					assertThat(context.getBean(TaskWatcher.class).isRunning()).isTrue();
				});
		}

		@Test
		void isNotThereUnlessExposed() {
			this.runner.run((context) -> assertThat(context).doesNotHaveBean(TaskWatcherEndpoint.class));
		}

		@Test
		void isNotThereWithoutAccess() {
			this.exposed.withPropertyValues("management.endpoint.requencetask.access=NONE")
				.run((context) -> assertThat(context).doesNotHaveBean(TaskWatcherEndpoint.class));
		}

		@Test
		void isNotThereIfNothingIsWatched() {
			this.exposed.withPropertyValues("requence.task.enabled=false")
				.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TaskWatcherEndpoint.class));
		}

		@Test
		void givesWayToThatOfTheApplication() {
			TaskWatcherEndpoint own = new TaskWatcherEndpoint(Map::of);
			this.exposed.withBean(TaskWatcherEndpoint.class, () -> own)
				.run((context) -> assertThat(context).getBean(TaskWatcherEndpoint.class).isSameAs(own));
		}

	}

}
