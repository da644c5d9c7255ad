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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.ReactorClientHttpConnectorBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.JdkClientHttpConnector;

import cloud.requence.emulator.RecordedRequest;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.task.AccessToken;
import cloud.requence.task.StartedThreads;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskUpdateErrorHandler.Decision;
import cloud.requence.task.TaskUpdateEvent;
import cloud.requence.task.TaskUpdateFilter;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.UpdateType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RequenceTaskAutoConfiguration} in applications that watch.
 */
@ExtendWith(OutputCaptureExtension.class)
class WatchingApplicationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RequenceTaskAutoConfiguration.class, WebClientAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class, HttpClientAutoConfiguration.class))
		.withUserConfiguration(Listeners.class)
		.withPropertyValues("requence.task.access-token=" + this.emulator.accessToken(), "requence.task.since=1h",
				"requence.task.reconnect.delay=10ms");

	@AfterEach
	void stopEmulator() {
		this.emulator.close();
	}

	private void runTask() {
		this.emulator.task("invoice").input(Map.of("number", 7)).start().end(Map.of("paid", true));
	}

	private static void awaitReceived(ApplicationContext context, int expected) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(received(context)).hasSize(expected));
	}

	private static List<Object> received(ApplicationContext context) {
		return context.getBean(Listeners.class).received;
	}

	private static TaskWatcherStatus status(ApplicationContext context) {
		return context.getBean(TaskWatcher.class).status();
	}

	@Nested
	class Connectors {

		@ParameterizedTest
		@ValueSource(strings = { "jdk", "reactor", "jetty", "http-components" })
		void areNotHarmedByAGlobalReadTimeout(String connector) {
			with(connector).withPropertyValues("spring.http.clients.read-timeout=100ms").run((context) -> {
				runTask();
				awaitReceived(context, 2);
				await().during(Duration.ofMillis(500)).until(() -> emulator.watchRequests().size() == 1);
				runTask();
				awaitReceived(context, 4);
				assertThat(emulator.watchRequests()).hasSize(1);
			});
		}

		@ParameterizedTest
		@ValueSource(strings = { "jdk", "reactor", "jetty", "http-components" })
		void askForNoCompression(String connector) {
			with(connector).run((context) -> {
				await().atMost(PATIENCE).until(() -> !emulator.watchRequests().isEmpty());
				assertThat(emulator.watchRequests().get(0).headers()).doesNotContainKey("Accept-Encoding")
					.containsKey("Authorization");
			});
		}

		@ParameterizedTest
		@ValueSource(strings = { "jdk", "reactor", "jetty", "http-components" })
		void followNoRedirects(String connector) {
			emulator.faults().always().redirect("/elsewhere");
			with(connector).withPropertyValues("spring.http.clients.redirects=follow").run((context) -> {
				await().atMost(PATIENCE).until(() -> emulator.requests().size() > 1);
				assertThat(emulator.requests()).extracting(RecordedRequest::path)
					.noneMatch((path) -> path.contains("elsewhere"));
				assertThat(status(context).connection().lastErrorStatus()).isBetween(300, 308);
			});
		}

		@ParameterizedTest
		@ValueSource(strings = { "jdk", "reactor", "jetty", "http-components" })
		void closeTheConnectionOfAWatcherThatStops(String connector, CapturedOutput output) throws IOException {
			try (SilentPlatform platform = new SilentPlatform()) {
				with(connector).withPropertyValues("requence.task.base-url=" + platform.baseUrl()).run((context) -> {
					await().atMost(PATIENCE).until(() -> status(context).state() == TaskWatcherStatus.State.STREAMING);
					context.getBean(TaskWatcher.class).stop();
					await().atMost(PATIENCE).until(() -> platform.closed.getCount() == 0);
				});
			}
			assertThat(output).doesNotContain("ERROR", "WARN");
		}

		@Test
		void areMadeOfTheBuilderOfTheApplication() {
			List<String> built = new CopyOnWriteArrayList<>();
			runner.withBean(ClientHttpConnectorBuilder.class, () -> (settings) -> {
				built.add(String.valueOf(settings));
				return ClientHttpConnectorBuilder.reactor().build(settings);
			}).withPropertyValues("requence.task.connection.connect-timeout=3s").run((context) -> {
				runTask();
				awaitReceived(context, 2);
				assertThat(built).anyMatch((settings) -> settings.contains("PT3S") && settings.contains("DONT_FOLLOW"));
			});
		}

		@Test
		void areOursIfTheBuilderMakesOneThatDoesNotCloseWhatIsCancelled() throws IOException {
			try (SilentPlatform platform = new SilentPlatform()) {
				runner.withBean(ClientHttpConnectorBuilder.class, () -> (settings) -> new JdkClientHttpConnector())
					.withPropertyValues("requence.task.base-url=" + platform.baseUrl())
					.run((context) -> {
						await().atMost(PATIENCE)
							.until(() -> status(context).state() == TaskWatcherStatus.State.STREAMING);
						context.getBean(TaskWatcher.class).stop();
						await().atMost(PATIENCE).until(() -> platform.closed.getCount() == 0);
					});
			}
		}

		@Test
		void haveWhatTheApplicationHasGivenTheClient() {
			List<URI> proxied = new CopyOnWriteArrayList<>();
			ProxySelector proxies = new ProxySelector() {

				@Override
				public List<Proxy> select(URI uri) {
					proxied.add(uri);
					return List.of(Proxy.NO_PROXY);
				}

				@Override
				public void connectFailed(URI uri, SocketAddress address, IOException failure) {
				}

			};
			ClientHttpConnectorBuilderCustomizer<JdkClientHttpConnectorBuilder> customizer = (builder) -> builder
				.withHttpClientCustomizer(
						(client) -> client.followRedirects(HttpClient.Redirect.ALWAYS).proxy(proxies));
			with("jdk").withBean(ClientHttpConnectorBuilderCustomizer.class, () -> customizer).run((context) -> {
				runTask();
				awaitReceived(context, 2);
				assertThat(proxied).isNotEmpty();
			});
		}

		@Test
		void callOnTheExecutorOfTheApplication() {
			List<Runnable> executed = new CopyOnWriteArrayList<>();
			Executor executor = Executors.newCachedThreadPool((task) -> {
				Thread thread = new Thread(task);
				thread.setDaemon(true);
				return thread;
			});
			ClientHttpConnectorBuilderCustomizer<JdkClientHttpConnectorBuilder> customizer = (builder) -> builder
				.withExecutor((task) -> {
					executed.add(task);
					executor.execute(task);
				});
			with("jdk").withBean(ClientHttpConnectorBuilderCustomizer.class, () -> customizer).run((context) -> {
				emulator.task("invoice").requireAck().start().end(null);
				await().atMost(PATIENCE).until(() -> !emulator.acknowledgements().isEmpty());
				assertThat(executed).isNotEmpty();
			});
		}

		@Test
		void areNotHarmedByAResponseTimeoutThatTheApplicationHasGivenTheClient() {
			ClientHttpConnectorBuilderCustomizer<ReactorClientHttpConnectorBuilder> customizer = (builder) -> builder
				.withHttpClientCustomizer((client) -> client.responseTimeout(Duration.ofMillis(100)));
			with("reactor").withBean(ClientHttpConnectorBuilderCustomizer.class, () -> customizer).run((context) -> {
				runTask();
				awaitReceived(context, 2);
				await().during(Duration.ofMillis(500)).until(() -> emulator.watchRequests().size() == 1);
			});
		}

		@Test
		void areNotThoseOfTheApplication() {
			ClientHttpConnector connector = (method, uri, requestCallback) -> {
				throw new IllegalStateException("not to be used");
			};
			runner.withBean(ClientHttpConnector.class, () -> connector).run((context) -> {
				runTask();
				awaitReceived(context, 2);
			});
		}

		@Test
		void useTheSslBundleOfTheConnectionDetails() throws Exception {
			SslBundle bundle = mock(SslBundle.class);
			given(bundle.createSslContext()).willReturn(SSLContext.getDefault());
			given(bundle.getOptions()).willReturn(SslOptions.NONE);
			AccessToken token = AccessToken.parse(emulator.accessToken());
			with("jdk").withBean(RequenceTaskConnectionDetails.class, () -> new RequenceTaskConnectionDetails() {

				@Override
				public AccessToken getAccessToken() {
					return token;
				}

				@Override
				public SslBundle getSslBundle() {
					return bundle;
				}

			}).run((context) -> {
				runTask();
				awaitReceived(context, 2);
				then(bundle).should(atLeastOnce()).createSslContext();
			});
		}

		private ApplicationContextRunner with(String connector) {
			return runner.withPropertyValues("spring.http.clients.reactive.connector=" + connector);
		}

	}

	@Nested
	class Applications {

		private final StartedThreads threads = new StartedThreads();

		@Test
		void areNoWebApplicationsAndStayAliveUntilTheyAreClosed() {
			SpringApplication application = new SpringApplication(Watching.class);
			assertThat(application.getWebApplicationType()).isEqualTo(WebApplicationType.NONE);
			try (ConfigurableApplicationContext context = application
				.run("--requence.task.access-token=" + emulator.accessToken(), "--requence.task.since=1h")) {
				runTask();
				awaitReceived(context, 2);
				assertThat(deliveryThreads()).singleElement().matches((thread) -> !thread.isDaemon());
			}
			await().atMost(PATIENCE).until(() -> deliveryThreads().isEmpty());
		}

		private List<Thread> deliveryThreads() {
			return this.threads.named("requence-requenceTaskWatcher-delivery");
		}

	}

	@Nested
	class Beans {

		@Test
		void listenersReceiveTheEventsOfTheWatcher() {
			runner.run((context) -> {
				runTask();
				awaitReceived(context, 2);
				assertThat(received(context))
					.satisfiesExactly(
							(first) -> assertThat(first).isInstanceOfSatisfying(TaskUpdateEvent.class,
									(event) -> assertThat(event.getSource())
										.isSameAs(context.getBean(TaskWatcher.class))),
							(second) -> assertThat(second).isInstanceOfSatisfying(TaskEnd.class,
									(end) -> assertThat(end.context().input()).isNotNull()));
				assertThat(status(context).outcomeUnknown()).isNull();
			});
		}

		@Test
		void aHandlerTakesThePlaceOfEvents() {
			List<TaskUpdate> handled = new CopyOnWriteArrayList<>();
			runner.withBean(TaskUpdateHandler.class, () -> handled::add).run((context) -> {
				runTask();
				await().atMost(PATIENCE).until(() -> handled.size() == 2);
				assertThat(received(context)).isEmpty();
			});
		}

		@Test
		void aFilterHidesUpdates() {
			TaskUpdateFilter filter = (update) -> update.type() == UpdateType.TASK_END;
			runner.withBean(TaskUpdateFilter.class, () -> filter).run((context) -> {
				runTask();
				awaitReceived(context, 1);
				assertThat(received(context)).singleElement().isInstanceOf(TaskEnd.class);
			});
		}

		@Test
		void anErrorHandlerDecides() {
			List<Throwable> failures = new CopyOnWriteArrayList<>();
			TaskUpdateErrorHandler errorHandler = (update, failure, count) -> {
				failures.add(failure);
				return Decision.skip();
			};
			IllegalStateException failure = new IllegalStateException("expected");
			TaskUpdateHandler handler = (update) -> {
				throw failure;
			};
			runner.withBean(TaskUpdateErrorHandler.class, () -> errorHandler)
				.withBean(TaskUpdateHandler.class, () -> handler)
				.run((context) -> {
					runTask();
					await().atMost(PATIENCE).until(() -> failures.size() == 2);
					assertThat(failures).containsOnly(failure);
				});
		}

		@Test
		void customizersOfTheWebClientApply() {
			WebClientCustomizer customizer = (builder) -> builder.defaultHeader("X-Own", "own");
			runner.withBean(WebClientCustomizer.class, () -> customizer).run((context) -> {
				await().atMost(PATIENCE).until(() -> !emulator.watchRequests().isEmpty());
				assertThat(emulator.watchRequests().get(0).headers()).containsEntry("X-Own", "own");
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
	@Import(Listeners.class)
	static class Watching {

	}

	@Configuration(proxyBeanMethods = false)
	static class Listeners {

		final List<Object> received = new CopyOnWriteArrayList<>();

		@EventListener(condition = "#event.payload.type().name() == 'TASK_START'")
		void on(TaskUpdateEvent<?> event) {
			this.received.add(event);
		}

		@EventListener
		void on(TaskEnd end) {
			this.received.add(end);
		}

	}

	/**
	 * Opens a stream on which nothing ever comes, and sees when the other side closes it.
	 */
	static class SilentPlatform implements AutoCloseable {

		private static final byte[] ANSWER = """
				HTTP/1.1 200 OK\r
				Content-Type: text/event-stream\r
				Transfer-Encoding: chunked\r
				\r
				2\r
				:\n\r
				""".getBytes(StandardCharsets.US_ASCII);

		private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

		private final CountDownLatch closed = new CountDownLatch(1);

		SilentPlatform() throws IOException {
			Thread thread = new Thread(this::serve, "silent-platform");
			thread.setDaemon(true);
			thread.start();
		}

		String baseUrl() {
			return "http://127.0.0.1:" + this.server.getLocalPort();
		}

		private void serve() {
			try (Socket socket = this.server.accept()) {
				InputStream in = socket.getInputStream();
				String request = "";
				while (!request.contains("\r\n\r\n{") || !request.endsWith("}")) {
					request += (char) in.read();
				}
				socket.getOutputStream().write(ANSWER);
				if (in.read() == -1) {
					this.closed.countDown();
				}
			}
			catch (SocketException ex) {
				this.closed.countDown();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public void close() throws IOException {
			this.server.close();
		}

	}

}
