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
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.util.FileSystemUtils;

/**
 * Runs pipelines, each with a server of its own, in processes of their own. Those that
 * are compared take turns, so that a noisy neighbour hits all of them.
 */
final class Laboratory {

	private static final Log logger = LogFactory.getLog(Laboratory.class);

	private static final int MINUTES = 5;

	private final Options options;

	Laboratory(Options options) {
		this.options = options;
	}

	/**
	 * Run in turns.
	 * @param runs what to run
	 * @return the results of each
	 * @throws IOException if a process cannot be started
	 * @throws InterruptedException if this thread is to end
	 */
	Map<Run, List<Result>> run(List<Run> runs) throws IOException, InterruptedException {
		Map<Run, List<Result>> results = new LinkedHashMap<>();
		for (int round = 1; round <= this.options.rounds(); round++) {
			for (Run run : runs) {
				logger.info("Round " + round + " of " + this.options.rounds() + ": " + run);
				results.computeIfAbsent(run, (key) -> new ArrayList<>()).add(run(run));
			}
		}
		return results;
	}

	private Result run(Run run) throws IOException, InterruptedException {
		Path directory = Files.createTempDirectory("benchmarks");
		Path port = directory.resolve("port");
		Process server = start(java("-Xmx1g", StreamServer.class, run.traffic().name(), run.profile().name(),
				Integer.toString(run.openTasks()), port.toString()));
		try {
			String address = "http://127.0.0.1:" + read(port, server) + "/api";
			Path results = directory.resolve("results");
			Process client = start(client(run, address, results));
			if (!client.waitFor(MINUTES, TimeUnit.MINUTES)) {
				client.destroyForcibly();
				throw new IllegalStateException(run + " has not ended within " + MINUTES + " minutes");
			}
			return read(run, results);
		}
		finally {
			server.destroyForcibly().waitFor();
			FileSystemUtils.deleteRecursively(directory);
		}
	}

	private List<String> client(Run run, String address, Path results) {
		int amount = (run.measure() == Measure.HEAP) ? run.openTasks() : this.options.seconds();
		return java("-Xmx2g", PipelineApplication.class, run.pipeline().name(), run.measure().name(), address,
				Integer.toString(this.options.warmUp()), Integer.toString(amount), results.toString());
	}

	private List<String> java(String heap, Class<?> main, String... args) {
		List<String> command = new ArrayList<>(List.of(this.options.java().resolve("bin/java").toString(), heap,
				"-XX:+UseG1GC", "-cp", System.getProperty("java.class.path"), main.getName()));
		command.addAll(List.of(args));
		return command;
	}

	private static Process start(List<String> command) throws IOException {
		return new ProcessBuilder(command).inheritIO().start();
	}

	private static String read(Path port, Process server) throws IOException, InterruptedException {
		while (!Files.exists(port)) {
			if (server.waitFor(10, TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException("The server has ended with " + server.exitValue());
			}
		}
		return Files.readString(port);
	}

	private static Result read(Run run, Path results) throws IOException {
		if (!Files.exists(results)) {
			throw new IllegalStateException(run + " has ended without results");
		}
		Properties values = new Properties();
		try (InputStream in = Files.newInputStream(results)) {
			values.load(in);
		}
		return new Result(values);
	}

}
