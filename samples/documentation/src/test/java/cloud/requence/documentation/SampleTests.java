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

package cloud.requence.documentation;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;
import org.testcontainers.images.builder.ImageFromDockerfile;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.stereotype.Component;
import org.springframework.util.ReflectionUtils;

import cloud.requence.emulator.EmulatedTaskStatus;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.task.TaskUpdateFailedEvent;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.State;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Compiles the Java of the documentation, page by page, and runs it: beans in an
 * application that watches an emulator, and tests with JUnit.
 */
class SampleTests {

	private static final String README = "README.md";

	private static final String BASE_IMAGE = "REQUENCE_EMULATOR_BASE_IMAGE";

	private static final CodeBlock APPLICATION = new CodeBlock("application", 0, "java", """
			package com.example.invoices;

			import org.springframework.boot.autoconfigure.SpringBootApplication;

			@SpringBootApplication
			class InvoiceApplication {

			}
			""");

	/**
	 * What samples need, besides the access token, to do what their page describes.
	 */
	private static final Map<String, List<String>> PROPERTIES = Map.of("Ends", List.of("requence.task.ack.mode=manual"),
			"JdbcCheckpointConfiguration",
			List.of("requence.task.checkpoint.store=metadata-store",
					"spring.integration.jdbc.initialize-schema=always"),
			"LockConfiguration",
			List.of("requence.task.checkpoint.store=metadata-store", "requence.task.leader-election.enabled=true",
					"spring.integration.jdbc.initialize-schema=always"),
			"FailedInvoices", List.of("requence.task.dead-letter.store=jdbc"), "ActuatorSecurity",
			List.of("management.endpoints.web.exposure.include=requencetask",
					"management.endpoint.requencetask.access=unrestricted", "spring.security.user.name=anna",
					"spring.security.user.password=secret", "server.port=0"));

	/**
	 * Samples that need another one of the same page.
	 */
	private static final Map<String, String> REQUIRED = Map.of("LockConfiguration", "JdbcCheckpointConfiguration");

	private static final Map<String, List<CodeBlock>> PAGES = Samples.byPage(CodeBlock.all());

	@TempDir
	private Path classes;

	@TempDir
	private Path invoices;

	private RequenceEmulator emulator;

	@BeforeEach
	void start() {
		this.emulator = RequenceEmulator.builder().build().start();
	}

	@AfterEach
	void stop() {
		this.emulator.close();
	}

	static Stream<String> pages() {
		return PAGES.keySet().stream().sorted();
	}

	static Stream<CodeBlock> tests() {
		return samples(true).filter((block) -> !isWithContainers(block));
	}

	static Stream<CodeBlock> testsWithContainers() {
		return samples(true).filter(SampleTests::isWithContainers);
	}

	static Stream<CodeBlock> beans() {
		return samples(false)
			.filter((block) -> !List.of("Watching", "Invoices", "ActuatorSecurity").contains(block.typeName()))
			.filter((block) -> block.code().contains("\nimport org.springframework.stereotype.")
					|| block.code().contains("\nimport org.springframework.context.annotation.Configuration;"));
	}

	private static boolean isWithContainers(CodeBlock block) {
		return block.code().contains("\n@Testcontainers\n");
	}

	private static Stream<CodeBlock> samples(boolean tests) {
		return PAGES.values()
			.stream()
			.flatMap(List::stream)
			.filter((block) -> block.code().contains("\nimport org.junit.jupiter.api.Test;") == tests);
	}

	@ParameterizedTest
	@MethodSource("pages")
	void compiles(String page) throws Exception {
		try (Samples samples = Samples.compile(PAGES.get(page), this.classes)) {
			for (CodeBlock block : PAGES.get(page)) {
				assertThat(samples.type(block.typeName())).hasPackage("com.example.invoices");
			}
		}
	}

	@ParameterizedTest
	@MethodSource("beans")
	void runs(CodeBlock sample) throws Exception {
		run(sample, (application) -> {
			if (AnnotatedElementUtils.hasAnnotation(type(application, sample), Component.class)) {
				application.getBean(type(application, sample));
			}
		});
	}

	@ParameterizedTest
	@MethodSource("kotlin")
	void runsInKotlin(CodeBlock sample) throws Exception {
		try (Samples samples = Samples.compileKotlin(sample.code(), this.classes)) {
			run(sample, samples, (application) -> application.getBean(type(application, sample)));
		}
	}

	static Stream<CodeBlock> kotlin() {
		return CodeBlock.all()
			.stream()
			.filter((block) -> block.language().equals("kotlin") && block.code().startsWith("package "));
	}

	@Test
	void theWatcherOfTheReadmeIsControlled() throws Exception {
		run(sample(README, "Watching"), (application) -> {
			Object watching = application.getBean(type(application, sample(README, "Watching")));
			assertThat(((TaskWatcherStatus) invoke(watching, "status")).state()).isEqualTo(State.STREAMING);
			List<State> states = new ArrayList<>();
			Runnable work = () -> states.add(application.getBean(TaskWatcher.class).status().state());
			invoke(watching, "maintenance", work);
			assertThat(states).containsExactly(State.PAUSED);
		});
	}

	@ParameterizedTest
	@MethodSource("clients")
	void tasksAreCreated(CodeBlock sample) throws Exception {
		this.emulator.onTask("invoice", (task, input) -> task.end(Map.of("booked", true)));
		Path scan = Files.writeString(this.invoices.resolve("scan.pdf"), "PDF");
		run(sample, (application) -> {
			Object invoices = application.getBean(type(application, sample));
			Method book = method(invoices, "book");
			Object receipt = (book.getParameterCount() == 1) ? invoke(invoices, "book", scan)
					: invoke(invoices, "book", instance(book.getParameterTypes()[0], "7", 12), scan);
			assertThat(receipt).hasToString("Receipt[booked=true]");
		});
	}

	static Stream<CodeBlock> clients() {
		return Stream.of(sample(README, "Invoices"), sample("docs/client.md", "Invoices"));
	}

	@Test
	void theEndpointIsCalledByScripts() throws Exception {
		CodeBlock sample = sample("docs/monitoring.md", "ActuatorSecurity");
		run(sample, (application) -> {
			int port = ((WebServerApplicationContext) application).getWebServer().getPort();
			HttpRequest request = HttpRequest
				.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator/requencetask"))
				.header("Authorization",
						"Basic " + Base64.getEncoder().encodeToString("anna:secret".getBytes(StandardCharsets.UTF_8)))
				.header("Content-Type", "application/json")
				.POST(BodyPublishers.ofString("{\"action\":\"pause\"}"))
				.build();
			assertThat(HttpClient.newHttpClient().sendAsync(request, BodyHandlers.ofString()).join().statusCode())
				.isEqualTo(200);
		});
	}

	@ParameterizedTest
	@MethodSource("tests")
	void testsSucceed(CodeBlock sample) throws Exception {
		assertTestsSucceed(sample);
	}

	@ParameterizedTest
	@MethodSource("testsWithContainers")
	@EnabledIfEnvironmentVariable(named = BASE_IMAGE, matches = ".+",
			disabledReason = "The image of the emulator is built on it")
	void testsWithContainersSucceed(CodeBlock sample) throws Exception {
		ImageFromDockerfile image = new ImageFromDockerfile("requence-emulator:documentation", false)
			.withBuildArg("BASE_IMAGE", System.getenv(BASE_IMAGE));
		for (String part : List.of("Dockerfile", "target/classes", "target/libraries")) {
			image.withFileFromPath(part, CodeBlock.ROOT.resolve("samples/requence-emulator").resolve(part));
		}
		assertThat(sample.code()).contains("\"requence-emulator\"");
		assertTestsSucceed(new CodeBlock(sample.page(), sample.line(), sample.language(),
				sample.code().replace("\"requence-emulator\"", "\"" + image.get() + "\"")));
	}

	/**
	 * Run a test with the samples of its page and the listeners of the first page, as
	 * those who copy the samples have them.
	 */
	private void assertTestsSucceed(CodeBlock sample) throws Exception {
		List<CodeBlock> application = new ArrayList<>(List.of(APPLICATION, sample));
		for (String page : List.of(sample.page(), README)) {
			for (CodeBlock block : PAGES.get(page)) {
				if (application.stream().noneMatch((other) -> other.typeName().equals(block.typeName()))) {
					application.add(block);
				}
			}
		}
		try (Samples samples = Samples.compile(application, this.classes)) {
			TestExecutionSummary summary = execute(samples.type(sample.typeName()));
			StringWriter failures = new StringWriter();
			summary.printFailuresTo(new PrintWriter(failures), 30);
			assertThat(failures).asString().isEmpty();
			assertThat(summary.getTestsSucceededCount()).isPositive();
		}
	}

	private static TestExecutionSummary execute(Class<?> type) {
		SummaryGeneratingListener listener = new SummaryGeneratingListener();
		LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
			.selectors(DiscoverySelectors.selectClass(type))
			.filters(EngineFilter.includeEngines("junit-jupiter"))
			.build();
		Thread thread = Thread.currentThread();
		ClassLoader previous = thread.getContextClassLoader();
		thread.setContextClassLoader(type.getClassLoader());
		try {
			LauncherFactory.create().execute(request, listener);
		}
		finally {
			thread.setContextClassLoader(previous);
		}
		return listener.getSummary();
	}

	/**
	 * Run a sample in an application that receives a task whose start it has not seen, a
	 * whole task, and one that fails.
	 */
	private void run(CodeBlock sample, Consumer<ConfigurableApplicationContext> then) throws Exception {
		try (Samples samples = Samples.compile(PAGES.get(sample.page()), this.classes)) {
			run(sample, samples, then);
		}
	}

	private void run(CodeBlock sample, Samples samples, Consumer<ConfigurableApplicationContext> then)
			throws Exception {
		List<Class<?>> sources = new ArrayList<>(List.of(Application.class, samples.type(sample.typeName())));
		if (REQUIRED.containsKey(sample.typeName())) {
			sources.add(samples.type(REQUIRED.get(sample.typeName())));
		}
		List<String> properties = new ArrayList<>(PROPERTIES.getOrDefault(sample.typeName(), List.of()));
		properties.addAll(List.of("requence.task.access-token=" + this.emulator.accessToken(),
				"requence.task.listener.retry.max-retries=0", "invoices.directory=" + this.invoices,
				"spring.datasource.generate-unique-name=true"));
		TaskScript running = task().start();
		try (ConfigurableApplicationContext application = new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
			.resourceLoader(new DefaultResourceLoader(samples.classLoader()))
			.properties(properties.toArray(String[]::new))
			.web(sample.typeName().equals("ActuatorSecurity") ? WebApplicationType.SERVLET : WebApplicationType.NONE)
			.run()) {
			TaskWatcher watcher = application.getBean(TaskWatcher.class);
			await().until(() -> watcher.status().state() == State.STREAMING);
			running.nodeStart("read").nodeEnd("read").end(Map.of("booked", true));
			TaskScript whole = task().requireAck()
				.start()
				.nodeStart("read")
				.nodeUpdate("read", Map.of("lines", 3))
				.nodeEnd("read")
				.end(Map.of("scan", this.emulator.files().store(new byte[12], "application/pdf")));
			task().start().fail("no such customer");
			await()
				.until(() -> watcher.status().updates().received() == 10 && watcher.status().backlog().updates() == 0);
			assertThat(application.getBean(Application.class).failures).isEmpty();
			if (sample.code().contains("(TaskEnd ") || sample.code().contains(": TaskEnd)")) {
				await().until(() -> this.emulator.status(whole.taskId()) == EmulatedTaskStatus.SUCCESSFUL);
			}
			then.accept(application);
		}
	}

	private TaskScript task() {
		return this.emulator.task("invoice")
			.name("invoice")
			.input(Map.of("number", "7", "amount", 12, "scan",
					this.emulator.files().store(new byte[12], "application/pdf"), "log",
					this.emulator.files().stream("text/plain")));
	}

	private static CodeBlock sample(String page, String type) {
		return PAGES.get(page).stream().filter((block) -> block.typeName().equals(type)).findAny().orElseThrow();
	}

	private static Class<?> type(ConfigurableApplicationContext application, CodeBlock sample) {
		return Arrays.stream(application.getBeanDefinitionNames())
			.map(application::getType)
			.filter((type) -> type != null && type.getSimpleName().equals(sample.typeName()))
			.findAny()
			.orElseThrow();
	}

	private static Method method(Object target, String name) {
		return Arrays.stream(target.getClass().getDeclaredMethods())
			.filter((method) -> method.getName().equals(name))
			.findAny()
			.orElseThrow();
	}

	private static Object invoke(Object target, String name, Object... arguments) {
		Method method = method(target, name);
		ReflectionUtils.makeAccessible(method);
		return ReflectionUtils.invokeMethod(method, target, arguments);
	}

	private static Object instance(Class<?> type, Object... arguments) {
		try {
			var constructor = type.getDeclaredConstructors()[0];
			ReflectionUtils.makeAccessible(constructor);
			return constructor.newInstance(arguments);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		private final List<Object> failures = new CopyOnWriteArrayList<>();

		@EventListener
		void failed(TaskUpdateFailedEvent event) {
			this.failures.add(event.exception());
		}

	}

}
