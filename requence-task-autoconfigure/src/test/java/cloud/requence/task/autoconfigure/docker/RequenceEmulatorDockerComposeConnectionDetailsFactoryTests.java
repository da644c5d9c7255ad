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

package cloud.requence.task.autoconfigure.docker;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;

import cloud.requence.task.AccessToken;
import cloud.requence.task.DockerExtension;
import cloud.requence.task.EmulatorImage;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TestAccessTokens;
import cloud.requence.task.autoconfigure.RequenceTaskAutoConfiguration;
import cloud.requence.task.autoconfigure.RequenceTaskConnectionDetails;
import cloud.requence.task.autoconfigure.testcontainers.RequenceEmulatorContainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RequenceEmulatorDockerComposeConnectionDetailsFactory}, as Spring Boot
 * finds it.
 */
class RequenceEmulatorDockerComposeConnectionDetailsFactoryTests {

	private static final String LABEL = "org.springframework.boot.service-connection";

	private static Map<Class<?>, ConnectionDetails> details(RunningService service) {
		DockerComposeConnectionSource source = mock(DockerComposeConnectionSource.class);
		given(source.getRunningService()).willReturn(service);
		return new ConnectionDetailsFactories(null).getConnectionDetails(source, false);
	}

	private static AccessToken accessToken(RunningService service) {
		return ((RequenceTaskConnectionDetails) details(service).get(RequenceTaskConnectionDetails.class))
			.getAccessToken();
	}

	@Nested
	class OfAService {

		@Test
		void isFoundByTheNameOfItsImage() {
			assertThat(accessToken(new Service("requence-emulator", Map.of(), Map.of())))
				.isEqualTo(AccessToken.parse(tokenFor("emulator-secret", 19420)));
		}

		@Test
		void isFoundByItsLabel() {
			assertThat(details(
					new Service("registry.example/team/fake-platform:3", Map.of(LABEL, "requence-emulator"), Map.of())))
				.containsOnlyKeys(RequenceTaskConnectionDetails.class);
		}

		@Test
		void isLeftAloneIfItIsAnother() {
			assertThat(details(new Service("redis", Map.of(), Map.of()))).isEmpty();
			assertThat(details(new Service("requence-emulator", Map.of(LABEL, "redis"), Map.of()))).isEmpty();
		}

		@Test
		void hasSecretAndPortOfItsEnvironment() {
			assertThat(accessToken(new Service("requence-emulator", Map.of(),
					Map.of("REQUENCE_EMULATOR_SECRET", "other", "REQUENCE_EMULATOR_PORT", "80"))))
				.isEqualTo(AccessToken.parse(tokenFor("other", 10080)));
		}

		private String tokenFor(String secret, int port) {
			return TestAccessTokens.api(secret, "http://docker.example:" + port + "/api");
		}

	}

	@Nested
	@ExtendWith(DockerExtension.class)
	@Testcontainers
	class OfAContainer {

		@Container
		private final RequenceEmulatorContainer container = new RequenceEmulatorContainer(EmulatorImage.build())
			.withSecret("of-this-test");

		private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
				AutoConfigurations.of(RequenceTaskAutoConfiguration.class, WebClientAutoConfiguration.class,
						ReactiveHttpClientAutoConfiguration.class, HttpClientAutoConfiguration.class));

		@Test
		void isWatched() {
			RequenceTaskConnectionDetails details = (RequenceTaskConnectionDetails) details(
					new RunningContainer(this.container))
				.get(RequenceTaskConnectionDetails.class);
			this.runner.withBean(RequenceTaskConnectionDetails.class, () -> details).run((context) -> {
				TaskWatcher watcher = context.getBean(TaskWatcher.class);
				await().until(() -> watcher.status().state() == TaskWatcherStatus.State.STREAMING);
			});
		}

	}

	/**
	 * A service on a host called {@code docker.example}, whose ports are mapped to those
	 * that are higher by 10,000.
	 */
	private record Service(String imageName, Map<String, String> labels,
			Map<String, @Nullable String> env) implements RunningService {

		@Override
		public String name() {
			return "platform";
		}

		@Override
		public ImageReference image() {
			return ImageReference.of(this.imageName);
		}

		@Override
		public String host() {
			return "docker.example";
		}

		@Override
		public ConnectionPorts ports() {
			ConnectionPorts ports = mock(ConnectionPorts.class);
			given(ports.get(9420)).willReturn(19420);
			given(ports.get(80)).willReturn(10080);
			return ports;
		}

	}

	/**
	 * A container as Docker Compose describes it.
	 */
	private record RunningContainer(GenericContainer<?> container) implements RunningService {

		@Override
		public String name() {
			return "platform";
		}

		@Override
		public ImageReference image() {
			return ImageReference.of(this.container.getDockerImageName());
		}

		@Override
		public String host() {
			return this.container.getHost();
		}

		@Override
		public ConnectionPorts ports() {
			return new ConnectionPorts() {

				@Override
				public int get(int containerPort) {
					return RunningContainer.this.container.getMappedPort(containerPort);
				}

				@Override
				public List<Integer> getAll() {
					return getAll(null);
				}

				@Override
				public List<Integer> getAll(@Nullable String protocol) {
					throw new UnsupportedOperationException();
				}

			};
		}

		@Override
		public Map<String, @Nullable String> env() {
			Map<String, @Nullable String> environment = new HashMap<>();
			Arrays.stream(this.container.getContainerInfo().getConfig().getEnv())
				.map((variable) -> variable.split("=", 2))
				.forEach((variable) -> environment.put(variable[0], variable[1]));
			return environment;
		}

		@Override
		public Map<String, String> labels() {
			return this.container.getContainerInfo().getConfig().getLabels();
		}

	}

}
