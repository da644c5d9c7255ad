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

package cloud.requence.samples.dashboard;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The dashboard as it starts after ahead-of-time processing.
 */
class AheadOfTimeTests {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final Pattern PORT = Pattern.compile("started on port (\\d+)");

	@TempDir
	private Path directory;

	private final String classPath = Arrays
		.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
			.split(File.pathSeparator))
		.filter((entry) -> !entry.endsWith("test-classes"))
		.collect(Collectors.joining(File.pathSeparator));

	@Test
	void showsTheTasksOfItsEmulator() throws Exception {
		Path log = this.directory.resolve("dashboard.log");
		String processed = process();
		Process dashboard = java(log, "-Dspring.aot.enabled=true", "-cp", processed,
				TaskDashboardApplication.class.getName(), "--server.port=0");
		try {
			await().atMost(PATIENCE).until(() -> {
				assertThat(dashboard.isAlive()).as(() -> read(log)).isTrue();
				return PORT.matcher(read(log)).find();
			});
			assertThat(read(log)).contains("Starting AOT-processed TaskDashboardApplication");
			Matcher port = PORT.matcher(read(log));
			assertThat(port.find()).isTrue();
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(get("http://localhost:" + port.group(1) + "/actuator/requencetask"))
					.contains("\"STREAMING\"")
					.containsPattern("\"deliveredPosition\" ?: ?\\d"));
		}
		finally {
			dashboard.destroy();
			dashboard.waitFor(1, TimeUnit.MINUTES);
		}
	}

	/**
	 * Process the application, and return the class path with the outcome.
	 */
	private String process() throws Exception {
		Path sources = this.directory.resolve("sources");
		Path resources = this.directory.resolve("resources");
		Path classes = Files.createDirectories(this.directory.resolve("classes"));
		Path log = this.directory.resolve("processing.log");
		Process processing = java(log, "-cp", this.classPath, "org.springframework.boot.SpringApplicationAotProcessor",
				TaskDashboardApplication.class.getName(), sources.toString(), resources.toString(), classes.toString(),
				"cloud.requence", "task-dashboard");
		assertThat(processing.waitFor(2, TimeUnit.MINUTES)).isTrue();
		assertThat(processing.exitValue()).as(() -> read(log)).isZero();
		compile(sources, classes);
		return String.join(File.pathSeparator, classes.toString(), resources.toString(), this.classPath);
	}

	private void compile(Path sources, Path classes) throws IOException {
		List<String> arguments = new ArrayList<>(List.of("-nowarn", "-proc:none", "-parameters", "-d",
				classes.toString(), "-cp", classes + File.pathSeparator + this.classPath));
		try (Stream<Path> files = Files.walk(sources)) {
			files.filter((file) -> file.toString().endsWith(".java")).map(Path::toString).forEach(arguments::add);
		}
		assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(new String[0])))
			.isZero();
	}

	private static Process java(Path log, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC"));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
		builder.environment().keySet().removeIf((name) -> name.startsWith("REQUENCE_"));
		return builder.start();
	}

	private static String get(String url) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
			.body();
	}

	private static String read(Path log) {
		try {
			return Files.readString(log);
		}
		catch (IOException ex) {
			return String.valueOf(ex);
		}
	}

}
