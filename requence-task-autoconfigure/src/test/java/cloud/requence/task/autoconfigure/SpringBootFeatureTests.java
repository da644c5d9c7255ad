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

import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.integration.metadata.SimpleMetadataStore;
import org.springframework.integration.support.locks.DefaultLockRegistry;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherFactory;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.client.TaskClient;
import cloud.requence.task.client.TaskPlatformUnreachableException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What Spring Boot offers to every part of an application, used by a watcher.
 */
@ExtendWith(OutputCaptureExtension.class)
class SpringBootFeatureTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	@AfterEach
	void stopEmulator() {
		this.emulator.close();
	}

	private ConfigurableApplicationContext run(String... arguments) {
		return run(new SpringApplication(Watching.class), arguments);
	}

	private ConfigurableApplicationContext run(SpringApplication application, String... arguments) {
		application.setDefaultProperties(
				Map.of("requence.task.access-token", this.emulator.accessToken(), "requence.task.since", "1h",
						"requence.task.reconnect.delay", "10ms", "requence.task.reconnect.max-delay", "50ms"));
		return application.run(arguments);
	}

	private static void runTask(RequenceEmulator emulator) {
		emulator.task("invoice").start().end(Map.of());
	}

	private static void awaitReceived(ApplicationContext context, int expected) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(received(context)).hasSize(expected));
	}

	private static List<TaskUpdate> received(ApplicationContext context) {
		return context.getBean(Received.class).updates();
	}

	private static TaskWatcherStatus status(ApplicationContext context) {
		return context.getBean(TaskWatcher.class).status();
	}

	@Test
	void lazyInitializationLeavesTheWatcherAndItsListenersAtWork() {
		runTask(this.emulator);
		try (ConfigurableApplicationContext context = run("--spring.main.lazy-initialization=true")) {
			awaitReceived(context, 2);
		}
	}

	@Test
	void anApplicationThatPausesPausesItsWatcher() {
		try (ConfigurableApplicationContext context = run()) {
			runTask(this.emulator);
			awaitReceived(context, 2);
			context.pause();
			assertThat(status(context).state()).isEqualTo(State.STOPPED);
			await().atMost(PATIENCE).until(() -> this.emulator.openStreams() == 0);
			runTask(this.emulator);
			context.restart();
			awaitReceived(context, 4);
			assertThat(received(context)).extracting(TaskUpdate::position).doesNotHaveDuplicates().isSorted();
		}
	}

	@Test
	void anApplicationCanBeStartedAgainInTheSameProcess() {
		for (int i = 1; i < 4; i++) {
			runTask(this.emulator);
			try (ConfigurableApplicationContext context = run()) {
				awaitReceived(context, 2 * i);
			}
			await().atMost(PATIENCE).until(() -> this.emulator.openStreams() == 0);
		}
	}

	@Test
	void aTokenFromAConfigurationTreeIsReadAgainWhenItIsRefused(@TempDir Path directory) throws Exception {
		Path file = directory.resolve("requence.task.access-token");
		Files.writeString(file, this.emulator.accessToken() + "\n");
		try (ConfigurableApplicationContext context = run("--spring.config.import=configtree:" + directory + "/",
				"--requence.task.reconnect.refused-delay=50ms")) {
			await().atMost(PATIENCE).until(() -> status(context).state() == State.STREAMING);
			this.emulator.rotateSecret("another-secret");
			this.emulator.resetAll();
			await().atMost(PATIENCE).until(() -> status(context).state() == State.REFUSED);
			Files.writeString(file, this.emulator.accessToken() + "\n");
			await().atMost(PATIENCE).until(() -> status(context).state() == State.STREAMING);
			Files.delete(file);
			this.emulator.resetAll();
			runTask(this.emulator);
			await().atMost(PATIENCE).until(() -> status(context).state() == State.REFUSED);
		}
	}

	@Test
	void aProxyOfTheHttpClientIsUsed() {
		// The emulator itself takes requests as a proxy does
		InetSocketAddress address = new InetSocketAddress(this.emulator.baseUrl().getHost(),
				this.emulator.baseUrl().getPort());
		ClientHttpConnectorBuilderCustomizer<JdkClientHttpConnectorBuilder> proxy = (builder) -> builder
			.withHttpClientCustomizer((client) -> client.proxy(ProxySelector.of(address)));
		SpringApplication application = new SpringApplication(Watching.class);
		application.addInitializers((context) -> context.getBeanFactory().registerSingleton("proxy", proxy));
		runTask(this.emulator);
		String token = this.emulator.accessToken(URI.create("http://platform.example/api"));
		try (ConfigurableApplicationContext context = run(application, "--requence.task.access-token=" + token,
				"--spring.http.clients.reactive.connector=jdk")) {
			awaitReceived(context, 2);
			assertThat(this.emulator.watchRequests().get(0).headers()).containsEntry("Host", "platform.example");
			String taskId = received(context).get(0).taskId();
			assertThat(context.getBean(TaskClient.class).get(taskId).taskId()).isEqualTo(taskId);
		}
	}

	@Nested
	class Ssl {

		@TempDir
		private Path directory;

		private String[] bundle(TlsPlatform platform, String... more) {
			String prefix = "--spring.ssl.bundle.jks.platform.";
			List<String> arguments = new ArrayList<>(List.of("--requence.task.access-token=" + platform.accessToken(),
					"--requence.task.ssl.bundle=platform",
					prefix + "truststore.location=" + platform.trust("server").toUri(),
					prefix + "truststore.password=" + TlsPlatform.PASSWORD));
			for (String name : more) {
				arguments.add(prefix + name);
			}
			return arguments.toArray(new String[0]);
		}

		@Test
		void aBundleTrustsThePlatform() throws Exception {
			try (TlsPlatform platform = new TlsPlatform(this.directory, false)) {
				runTask(platform.emulator());
				try (ConfigurableApplicationContext context = run(bundle(platform))) {
					awaitReceived(context, 2);
				}
			}
		}

		@Test
		void aBundleShowsThePlatformWhoItIs() throws Exception {
			try (TlsPlatform platform = new TlsPlatform(this.directory, true)) {
				runTask(platform.emulator());
				try (ConfigurableApplicationContext context = run(
						bundle(platform, "keystore.location=" + platform.key("client").toUri(),
								"keystore.password=" + TlsPlatform.PASSWORD))) {
					awaitReceived(context, 2);
					String taskId = received(context).get(0).taskId();
					assertThat(context.getBean(TaskClient.class).get(taskId).taskId()).isEqualTo(taskId);
				}
			}
		}

		@Test
		void aPlatformThatIsNotTrustedIsNotTalkedTo(CapturedOutput output) throws Exception {
			try (TlsPlatform platform = new TlsPlatform(this.directory, false)) {
				try (ConfigurableApplicationContext context = run(
						"--requence.task.access-token=" + platform.accessToken())) {
					await().atMost(PATIENCE).until(() -> status(context).state() == State.BACKING_OFF);
					assertThat(platform.emulator().requests()).isEmpty();
				}
			}
			assertThat(output).contains("requence.task.ssl.bundle");
		}

	}

	@Nested
	class Mistakes {

		@Test
		void propertiesThatNobodyKnowsAreWarnedOf(CapturedOutput output) {
			try (ConfigurableApplicationContext context = run("--requence.task.chekpoint.store=file",
					"--requence.task.listener.concurency=4", "--requence.task.enabled=true", "--requence.task.since=2h",
					"--requence.task.ack-mode=manual", "--requence.task.pigeons=2")) {
				assertThat(context.isActive()).isTrue();
			}
			assertThat(output).contains("Property 'requence.task.chekpoint.store' is not known and has no effect (")
				.contains("Property 'requence.task.listener.concurency' is not known and has no effect (")
				.containsOnlyOnce("chekpoint.store'")
				.contains("Did you mean 'requence.task.checkpoint.store'?")
				.contains("Did you mean 'requence.task.listener.concurrency'?")
				.contains("Did you mean 'requence.task.ack.mode'?")
				.containsOnlyOnce("Check its spelling")
				.doesNotContain("'requence.task.enabled' is not known")
				.doesNotContain("'requence.task.since' is not known")
				.doesNotContain("'requence.task.access-token' is not known");
		}

		@ParameterizedTest
		@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
				requence.task.checkpoint.file=state     | 'requence.task.checkpoint.store' is not 'file'
				requence.task.checkpoint.key=state      | 'requence.task.checkpoint.store' is not 'metadata-store'
				requence.tasks.since=2h                 | Did you mean 'requence.task.since'?
				requence-task.listener.concurrency=4    | Did you mean 'requence.task.listener.concurrency'?
				requence.task.connection.idle-timeout=5 | Did you mean '5s'?
				requence.task.connection.max-age=3600   | Did you mean '3600s'?
				requence.task.connection.max-event-size=64   | Did you mean '64MB'?
				requence.task.listener.max-in-flight-size=32 | Did you mean '32MB'?
				requence.task.context.max-size=10       | Did you mean '10MB'?
				requence.task.references.max-size=64    | Did you mean '64MB'?
				requence.task.since=2100-01-01T00:00:00Z     | is in the future
				requence.task.checkpoint.file=          | is empty and has no effect
				requence.task.leader-election.role=one  | 'requence.task.leader-election.enabled' is not 'true'
				requence.task.dead-letter.schema=letters.sql | 'requence.task.dead-letter.store' is 'none'
				""")
		void propertiesThatDoNotDoWhatTheySayAreWarnedOf(String property, String hint, CapturedOutput output) {
			run("--" + property).close();
			assertThat(output.toString().lines().filter((line) -> line.contains("WARN") && line.contains(hint)))
				.singleElement()
				.asString()
				.contains("Property '" + property.substring(0, property.indexOf('=')) + "'");
		}

		@ParameterizedTest
		@ValueSource(
				strings = { "requence.task.connection.idle-timeout=5000", "requence.task.connection.idle-timeout=5s",
						"requence.task.connection.idle-timeout=50ms", "requence.task.listener.retry.delay=100",
						"requence.task.health.down-after=0", "requence.access-token=x", "requence.other.since=2h" })
		void propertiesThatMayBeMeantAreNot(String property, CapturedOutput output) {
			run("--" + property).close();
			assertThat(output).doesNotContain("Did you mean");
		}

		@Test
		void namesThatAreNotUniqueAreWarnedOf(CapturedOutput output) {
			try (ConfigurableApplicationContext context = run()) {
				TaskWatcherFactory factory = context.getBean(TaskWatcherFactory.class);
				factory.builder("further").build();
				assertThat(output).doesNotContain("There is another task watcher");
				factory.builder("further").build();
				assertThat(output).containsOnlyOnce("There is another task watcher 'further'");
				factory.builder("requenceTaskWatcher").build();
				assertThat(output).contains("There is another task watcher 'requenceTaskWatcher'");
			}
		}

		@Test
		void aStoreInMemoryIsWarnedOf(CapturedOutput output) {
			run(with(SimpleMetadataStore::new), "--requence.task.checkpoint.store=metadata-store").close();
			assertThat(output).contains("The checkpoint of 'requenceTaskWatcher' is lost at a restart")
				.contains("set 'requence.task.checkpoint.store' to 'file'");
		}

		@Test
		void locksThatAreNotSharedAreWarnedOf(@TempDir Path directory, CapturedOutput output) {
			run(with(DefaultLockRegistry::new), "--requence.task.leader-election.enabled=true",
					"--requence.task.checkpoint.store=file",
					"--requence.task.checkpoint.file=" + directory.resolve("checkpoint"))
				.close();
			assertThat(output).contains("Every instance becomes the leader")
				.contains("all instances have to share that file");
		}

		@ParameterizedTest
		@ValueSource(strings = { "/nowhere", "/files" })
		void anAddressThatIsNotThatOfThePlatformIsWarnedOf(String path, CapturedOutput output) {
			try (ConfigurableApplicationContext context = run(
					"--requence.task.base-url=" + SpringBootFeatureTests.this.emulator.baseUrl() + path)) {
				await().atMost(PATIENCE).until(() -> status(context).state() == State.BACKING_OFF);
			}
			assertThat(output)
				.contains("If this continues, check 'requence.task.base-url', or the base URL in the access token");
		}

		@Test
		void anAddressWithoutAPlatformIsWarnedOf(CapturedOutput output) {
			String baseUrl = SpringBootFeatureTests.this.emulator.baseUrl().toString().replaceFirst(":\\d+/", ":1/");
			try (ConfigurableApplicationContext context = run("--requence.task.base-url=" + baseUrl)) {
				await().atMost(PATIENCE).until(() -> status(context).state() == State.BACKING_OFF);
				assertThatExceptionOfType(TaskPlatformUnreachableException.class)
					.isThrownBy(() -> context.getBean(TaskClient.class).get("1"))
					.withMessageContaining(":1). If this continues, check 'requence.task.base-url'");
			}
			assertThat(output)
				.containsPattern("No connection: .*\\(http://127\\.0\\.0\\.1:1\\)\\. If this continues, check"
						+ " 'requence.task.base-url'");
		}

		@Test
		void aProxyThatRequiresCredentialsIsWarnedOf(CapturedOutput output) {
			SpringBootFeatureTests.this.emulator.faults().always().answer(407, "");
			try (ConfigurableApplicationContext context = run()) {
				await().atMost(PATIENCE).until(() -> status(context).state() == State.BACKING_OFF);
			}
			assertThat(output).contains("HTTP 407 from ")
				.contains("A proxy requires credentials: configure it on the HTTP client");
		}

		@Test
		void aTokenThatIsNotValidIsWarnedOf(CapturedOutput output) {
			String token = SpringBootFeatureTests.this.emulator.accessToken();
			SpringBootFeatureTests.this.emulator.rotateSecret("another-secret");
			try (ConfigurableApplicationContext context = run("--requence.task.access-token=" + token)) {
				await().atMost(PATIENCE).until(() -> status(context).state() == State.REFUSED);
			}
			assertThat(output).contains("set 'requence.task.access-token' to a valid one");
		}

		private static SpringApplication with(Supplier<?> bean) {
			SpringApplication application = new SpringApplication(Watching.class);
			application.addInitializers((context) -> context.getBeanFactory().registerSingleton("ownBean", bean.get()));
			return application;
		}

		@Test
		void updatesThatNobodyTakesAreTold(CapturedOutput output) {
			run(new SpringApplication(NotListening.class)).close();
			assertThat(output).contains("No listener takes task updates.");
		}

		@Test
		void updatesThatSomebodyTakesAreNot(CapturedOutput output) {
			run().close();
			assertThat(output).doesNotContain("No listener takes task updates");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
	static class NotListening {

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ NotListening.class, Listener.class })
	static class Watching {

		@Bean
		Received received() {
			return new Received(new CopyOnWriteArrayList<>());
		}

	}

	/**
	 * A bean that is used only through its events.
	 */
	static class Listener {

		private final ObjectProvider<Received> received;

		Listener(ObjectProvider<Received> received) {
			this.received = received;
		}

		@EventListener
		void on(TaskUpdate update) {
			this.received.getObject().updates().add(update);
		}

	}

	/**
	 * What was received.
	 *
	 * @param updates the updates
	 */
	record Received(List<TaskUpdate> updates) {

	}

}
