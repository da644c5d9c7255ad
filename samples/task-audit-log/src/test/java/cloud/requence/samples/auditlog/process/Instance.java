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
package cloud.requence.samples.auditlog.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import cloud.requence.samples.auditlog.TaskAuditLogApplication;

/**
 * An audit log in a process of its own.
 */
final class Instance implements AutoCloseable {

	private final Path log;

	private final Process process;

	Instance(Path directory, String accessToken, List<String> arguments) throws IOException {
		this.log = Files.createTempFile(directory, "instance", ".log");
		List<String> command = new ArrayList<>();
		command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
		// It lives for seconds
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx192m", "-cp",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				TaskAuditLogApplication.class.getName(), "--requence.task.ack.mode=after-delivery"));
		command.addAll(arguments);
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.log.toFile());
		builder.environment().put("REQUENCE_ACCESS_TOKEN", accessToken);
		this.process = builder.start();
	}

	boolean isStarted() {
		return this.process.isAlive() && log().contains("Started TaskAuditLogApplication");
	}

	boolean hasConnected() {
		return this.process.isAlive() && log().contains("is connected");
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * End the process as a loss of power does.
	 */
	void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	String log() {
		try {
			return Files.readString(this.log);
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
