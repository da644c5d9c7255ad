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
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.support.GenericApplicationContext;

/**
 * Runs one pipeline in a process of its own, and writes down what it has cost.
 */
final class PipelineApplication {

	private static final Log logger = LogFactory.getLog(PipelineApplication.class);

	/** How many parts of a backlog are measured. */
	static final int WINDOWS = 10;

	private static final int ARGUMENTS = 6;

	private final Probe probe;

	private final Properties results = new Properties();

	private PipelineApplication(Probe probe) {
		this.probe = probe;
	}

	/**
	 * Run a pipeline.
	 * @param args the configuration class, the measure, how many updates and seconds to
	 * warm up, how many milliseconds to measure (or how many updates there are), the file
	 * for the results, and the properties of the application
	 */
	public static void main(String[] args) {
		try {
			Measure measure = Measure.valueOf(args[1]);
			PipelineApplication application = new PipelineApplication(new Probe(measure == Measure.LATENCY));
			application.start(Class.forName(args[0]), Arrays.copyOfRange(args, ARGUMENTS, args.length));
			application.awaitUpdates(Long.parseLong(args[2]));
			application.measure(measure, Long.parseLong(args[3]), Long.parseLong(args[4]));
			application.write(Path.of(args[5]));
		}
		catch (Throwable ex) {
			logger.error("The pipeline has failed", ex);
		}
		finally {
			// The server sends for ever, and threads of other libraries may be no daemons
			System.exit(0);
		}
	}

	private void start(Class<?> configuration, String[] properties) {
		SpringApplication spring = new SpringApplication(configuration);
		spring.setBannerMode(Banner.Mode.OFF);
		spring.setLogStartupInfo(false);
		spring.setRegisterShutdownHook(false);
		spring.setWebApplicationType(WebApplicationType.NONE);
		spring.addInitializers(
				(context) -> ((GenericApplicationContext) context).registerBean(Probe.class, () -> this.probe));
		spring.run(properties);
		record("startMillis", System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime());
		record("classes", ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount());
	}

	private void measure(Measure measure, long warmUpSeconds, long amount) throws IOException, InterruptedException {
		switch (measure) {
			case START -> record("residentBytes", residentBytes());
			case HEAP -> record("heapBytes", usedHeap());
			case BACKLOG -> measureBacklog(amount);
			default -> measure(warmUpSeconds, amount);
		}
	}

	private void measure(long warmUpSeconds, long millis) throws InterruptedException {
		TimeUnit.SECONDS.sleep(warmUpSeconds);
		Snapshot before = snapshot();
		TimeUnit.MILLISECONDS.sleep(millis);
		Snapshot after = snapshot();
		record("", before, after);
		record("median", this.probe.latency(after.updates - before.updates, 50));
		record("p99", this.probe.latency(after.updates - before.updates, 99));
	}

	private void measureBacklog(long updates) throws IOException, InterruptedException {
		Snapshot before = snapshot();
		for (int window = 1; window <= WINDOWS; window++) {
			awaitUpdates(updates * window / WINDOWS);
			Snapshot after = snapshot();
			record(window + ".", before, after);
			record(window + ".residentBytes", residentBytes());
			before = after;
		}
		record("heapBytes", usedHeap());
	}

	private void awaitUpdates(long count) throws InterruptedException {
		while (this.probe.updates() < count) {
			TimeUnit.MILLISECONDS.sleep(5);
		}
	}

	private Snapshot snapshot() {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long allocated = 0;
		for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
			allocated += Math.max(0, bytes);
		}
		return new Snapshot(this.probe.updates(), System.nanoTime(),
				((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime(), allocated);
	}

	private static long usedHeap() throws InterruptedException {
		for (int i = 0; i < 3; i++) {
			System.gc();
			TimeUnit.MILLISECONDS.sleep(100);
		}
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private static long residentBytes() throws IOException {
		Path status = Path.of("/proc/self/status");
		if (!Files.exists(status)) {
			return 0;
		}
		try (Stream<String> lines = Files.lines(status)) {
			return lines.filter((line) -> line.startsWith("VmRSS:"))
				.mapToLong((line) -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
				.sum();
		}
	}

	private void record(String prefix, Snapshot before, Snapshot after) {
		record(prefix + "updates", after.updates - before.updates);
		record(prefix + "nanos", after.nanos - before.nanos);
		record(prefix + "cpuNanos", after.cpuNanos - before.cpuNanos);
		record(prefix + "allocatedBytes", after.allocatedBytes - before.allocatedBytes);
	}

	private void record(String name, long value) {
		this.results.setProperty(name, Long.toString(value));
	}

	private void write(Path file) throws IOException {
		this.results.setProperty("java", System.getProperty("java.vm.vendor") + " " + Runtime.version());
		try (OutputStream out = Files.newOutputStream(file)) {
			this.results.store(out, null);
		}
	}

	/**
	 * What has happened up to now.
	 *
	 * @param updates the number of updates
	 * @param nanos the time
	 * @param cpuNanos the processor time of this process
	 * @param allocatedBytes what its threads have allocated
	 */
	private record Snapshot(long updates, long nanos, long cpuNanos, long allocatedBytes) {
	}

}
