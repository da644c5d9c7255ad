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
package cloud.requence.samples.auditlog.speed;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;

/**
 * The processor time of this process, without the threads of the platform, and of a
 * database server. Unlike the time that passes it hardly depends on what else runs.
 *
 * @param application seconds in this process
 * @param database seconds in the server
 */
record ProcessorTime(double application, double database) {

	private static final double TICKS = 100;

	static ProcessorTime now(long postmaster) {
		OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		double platform = platformNanos();
		double database = Stream
			.concat(ProcessHandle.of(postmaster).stream(),
					ProcessHandle.of(postmaster).stream().flatMap(ProcessHandle::descendants))
			.mapToDouble((process) -> ticks(process.pid()))
			.sum();
		return new ProcessorTime((system.getProcessCpuTime() - platform) / 1e9, database / TICKS);
	}

	private static double platformNanos() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		return Arrays.stream(threads.dumpAllThreads(false, false))
			.filter((thread) -> thread.getThreadName().startsWith("backlog-"))
			.mapToLong((thread) -> Math.max(0, threads.getThreadCpuTime(thread.getThreadId())))
			.sum();
	}

	/**
	 * User and system time of a process on Linux; zero elsewhere.
	 */
	private static double ticks(long pid) {
		Path file = Path.of("/proc", String.valueOf(pid), "stat");
		try {
			String stat = Files.exists(file) ? Files.readString(file) : "";
			String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ");
			return (fields.length > 12) ? Double.parseDouble(fields[11]) + Double.parseDouble(fields[12]) : 0;
		}
		catch (IOException ex) {
			return 0;
		}
	}

	ProcessorTime since(ProcessorTime earlier) {
		return new ProcessorTime(this.application - earlier.application, this.database - earlier.database);
	}

	ProcessorTime plus(ProcessorTime other) {
		return new ProcessorTime(this.application + other.application, this.database + other.database);
	}

	String perUpdate(long updates) {
		return "%.0f µs of the application and %.0f µs of the database".formatted(this.application * 1e6 / updates,
				this.database * 1e6 / updates);
	}

}
