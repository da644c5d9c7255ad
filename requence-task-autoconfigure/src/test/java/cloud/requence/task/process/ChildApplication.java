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

package cloud.requence.task.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import cloud.requence.task.process.watching.WatchingApplication;

import static org.awaitility.Awaitility.await;

/**
 * An application in a process of its own.
 */
final class ChildApplication implements AutoCloseable {

	private final Path report;

	private final Path log;

	private final Process process;

	ChildApplication(Path directory, String accessToken, List<String> jvmArguments, String... arguments)
			throws IOException {
		this(WatchingApplication.class, directory, accessToken, jvmArguments, arguments);
	}

	ChildApplication(Class<?> application, Path directory, String accessToken, List<String> jvmArguments,
			String... arguments) throws IOException {
		this.report = directory.resolve("report.txt");
		this.log = directory.resolve("application.log");
		List<String> command = new ArrayList<>();
		command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
		// It lives for seconds
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
		command.addAll(jvmArguments);
		command.addAll(
				List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
						application.getName(), "--report=" + this.report, "--requence.task.since=1h",
						"--logging.level.cloud.requence=debug", "--spring.docker.compose.enabled=false"));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.log.toFile());
		builder.environment().put("REQUENCE_ACCESS_TOKEN", accessToken);
		this.process = builder.start();
	}

	void awaitLog(String text) {
		await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(20)).until(() -> {
			checkAlive();
			return log().contains(text);
		});
	}

	String awaitReport(Duration patience) {
		await().atMost(patience).pollInterval(Duration.ofMillis(20)).until(() -> {
			checkAlive();
			return Files.exists(this.report) && Files.size(this.report) > 0;
		});
		try {
			return Files.readString(this.report);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Stop the process as a long pause of its machine does.
	 */
	void freeze() throws IOException, InterruptedException {
		signal("STOP");
	}

	void thaw() throws IOException, InterruptedException {
		signal("CONT");
	}

	private void signal(String name) throws IOException, InterruptedException {
		new ProcessBuilder("kill", "-" + name, String.valueOf(this.process.pid())).inheritIO().start().waitFor();
	}

	private void checkAlive() {
		if (!this.process.isAlive()) {
			throw new IllegalStateException("The application has ended:\n" + log());
		}
	}

	/**
	 * End the process as a container platform does, and wait for its end.
	 */
	void terminate() throws InterruptedException {
		terminate(Duration.ofMinutes(1));
	}

	/**
	 * End the process as a container platform does.
	 * @param patience how long the process may take to end
	 */
	void terminate(Duration patience) throws InterruptedException {
		this.process.destroy();
		if (!this.process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
			throw new IllegalStateException("The application does not end within " + patience + ":\n" + log());
		}
	}

	/**
	 * End the process as a loss of power does.
	 */
	void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	String log() {
		try {
			return Files.exists(this.log) ? Files.readString(this.log) : "";
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
