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

package cloud.requence.samples.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;

/**
 * Where and of what the figures are.
 */
final class Machine {

	private Machine() {
	}

	/**
	 * Describe date, commit, JDK and machine.
	 * @param java the home of the JDK
	 */
	static String describe(Path java) throws IOException {
		OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		return String.format(Locale.ROOT,
				"Measured on %s at commit %s, with %s, on %d processors (%s) with %d GB. The "
						+ "load of the machine was %.1f at the beginning.",
				LocalDate.now(ZoneOffset.UTC), commit(), jdk(java), system.getAvailableProcessors(), processor(),
				system.getTotalMemorySize() >> 30, system.getSystemLoadAverage());
	}

	private static String commit() throws IOException {
		String commit = output("git", "rev-parse", "--short", "HEAD");
		String changes = output("git", "status", "--porcelain", "--untracked-files=no", "--", ":(top)*.java");
		return commit + (changes.isEmpty() ? "" : " with changes");
	}

	private static String output(String... command) throws IOException {
		try {
			Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
			return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
		}
		catch (IOException ex) {
			return "unknown";
		}
	}

	private static String jdk(Path java) throws IOException {
		List<String> release = Files.readAllLines(java.resolve("release"));
		return value(release, "IMPLEMENTOR=") + " " + value(release, "JAVA_RUNTIME_VERSION=");
	}

	private static String value(List<String> lines, String key) {
		return lines.stream()
			.filter((line) -> line.startsWith(key))
			.map((line) -> line.substring(key.length()).replace("\"", ""))
			.findFirst()
			.orElse("");
	}

	private static String processor() throws IOException {
		Path file = Path.of("/proc/cpuinfo");
		if (!Files.exists(file)) {
			return Objects.requireNonNullElse(System.getProperty("os.arch"), "unknown");
		}
		try (Stream<String> lines = Files.lines(file)) {
			return lines.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElse("unknown");
		}
	}

}
