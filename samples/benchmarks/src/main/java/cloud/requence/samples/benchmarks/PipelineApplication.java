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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.support.GenericApplicationContext;

import cloud.requence.task.AccessToken;

/**
 * Runs one pipeline in a process of its own, and writes down what it has cost.
 */
final class PipelineApplication {

	private static final Log logger = LogFactory.getLog(PipelineApplication.class);

	private final Probe probe;

	private final Properties results = new Properties();

	private PipelineApplication(Probe probe) {
		this.probe = probe;
	}

	/**
	 * Run a pipeline.
	 * @param args the pipeline, the measure, the address of the platform, how many
	 * seconds to warm up and to measure (of the heap: how many tasks there are), and the
	 * file for the results
	 */
	public static void main(String[] args) {
		try {
			Measure measure = Measure.valueOf(args[1]);
			PipelineApplication application = new PipelineApplication(new Probe(measure == Measure.LATENCY));
			application.start(Pipeline.valueOf(args[0]), args[2]);
			application.measure(measure, Long.parseLong(args[3]), Long.parseLong(args[4]));
			application.write(Path.of(args[5]));
		}
		catch (Throwable ex) {
			logger.error("The pipeline has failed", ex);
		}
		finally {
			// The server sends for ever, and threads of other libraries may be no daemons
			Runtime.getRuntime().halt(0);
		}
	}

	private void start(Pipeline pipeline, String address) {
		SpringApplication spring = new SpringApplication(pipeline.configuration());
		spring.setBannerMode(Banner.Mode.OFF);
		spring.setLogStartupInfo(false);
		spring.setWebApplicationType(WebApplicationType.NONE);
		spring.setDefaultProperties(pipeline.properties());
		spring.addInitializers(
				(context) -> ((GenericApplicationContext) context).registerBean(Probe.class, () -> this.probe));
		boolean starter = StarterListener.class.isAssignableFrom(pipeline.configuration());
		spring.run("--benchmark.address=" + address, "--requence.task.enabled=" + starter,
				"--requence.task.access-token=" + AccessToken.of("benchmark", URI.create(address)).encoded());
		record("startMillis", System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime());
		record("classes", ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount());
	}

	private void measure(Measure measure, long warmUpSeconds, long amount) throws InterruptedException {
		switch (measure) {
			case START -> {
			}
			case HEAP -> measureHeap(amount);
			default -> measure(warmUpSeconds, amount);
		}
	}

	private void measure(long warmUpSeconds, long seconds) throws InterruptedException {
		awaitUpdates(1);
		TimeUnit.SECONDS.sleep(warmUpSeconds);
		long updates = this.probe.updates();
		long time = System.nanoTime();
		long cpu = cpuNanos();
		long bytes = allocatedBytes();
		TimeUnit.SECONDS.sleep(seconds);
		long last = this.probe.updates();
		long count = last - updates;
		record("updates", count);
		record("nanos", System.nanoTime() - time);
		record("cpuNanos", cpuNanos() - cpu);
		record("allocatedBytes", allocatedBytes() - bytes);
		record("latencyNanos", this.probe.medianLatency(updates, last));
		record("checksum", this.probe.checksum());
	}

	private void measureHeap(long tasks) throws InterruptedException {
		awaitUpdates(tasks);
		record("heapBytes", usedHeap());
	}

	private void awaitUpdates(long count) throws InterruptedException {
		while (this.probe.updates() < count) {
			TimeUnit.MILLISECONDS.sleep(10);
		}
	}

	private static long cpuNanos() {
		return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
	}

	private static long allocatedBytes() {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		long sum = 0;
		for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
			sum += Math.max(0, bytes);
		}
		return sum;
	}

	private static long usedHeap() throws InterruptedException {
		for (int i = 0; i < 4; i++) {
			System.gc();
			TimeUnit.MILLISECONDS.sleep(200);
		}
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private void record(String name, long value) {
		this.results.setProperty(name, Long.toString(value));
	}

	private void write(Path file) throws IOException {
		try (OutputStream out = Files.newOutputStream(file)) {
			this.results.store(out, null);
		}
	}

}
