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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.util.FileSystemUtils;

import cloud.requence.task.AccessToken;

/**
 * Runs pipelines and their servers in processes of their own. Those that are compared
 * take turns, so that a noisy neighbour hits all of them.
 */
final class Laboratory implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(Laboratory.class);

	private static final int MINUTES = 5;

	private static final String RESULTS = "results";

	private final Options options;

	private final Path directory;

	private final Map<Run.Stream, Server> servers = new HashMap<>();

	Laboratory(Options options) throws IOException {
		this.options = options;
		this.directory = Files.createTempDirectory("benchmarks");
	}

	Options options() {
		return this.options;
	}

	/**
	 * Run in turns, as often as the options say.
	 * @param runs what to run
	 * @return the results of each
	 * @throws IOException if a process cannot be started
	 * @throws InterruptedException if this thread is to end
	 */
	Results run(List<Run> runs) throws IOException, InterruptedException {
		return run(this.options.rounds(), runs);
	}

	Results run(int rounds, List<Run> runs) throws IOException, InterruptedException {
		Map<Run, List<Result>> results = new LinkedHashMap<>();
		for (int round = 1; round <= rounds; round++) {
			for (Run run : runs) {
				logger.info("Round " + round + " of " + rounds + ": " + run);
				results.computeIfAbsent(run, (key) -> new ArrayList<>()).add(run(run));
			}
		}
		return new Results(results);
	}

	private Result run(Run run) throws IOException, InterruptedException {
		Server server = this.servers.get(run.stream());
		if (server == null) {
			server = serve(run.stream());
			this.servers.put(run.stream(), server);
		}
		Path own = Files.createTempDirectory(this.directory, "run");
		Process client = start(client(run, server.address(), own));
		try {
			if (!client.waitFor(MINUTES, TimeUnit.MINUTES)) {
				throw new IllegalStateException(run + " has not ended within " + MINUTES + " minutes");
			}
		}
		finally {
			client.destroyForcibly();
		}
		return read(run, own.resolve(RESULTS));
	}

	private Server serve(Run.Stream stream) throws IOException, InterruptedException {
		Path port = this.directory.resolve("port");
		Process process = start(
				java("-Xmx256m", System.getProperty("java.class.path"), StreamServer.class, stream.traffic().name(),
						stream.profile().name(), Integer.toString(stream.openTasks()), port.toString()));
		while (!Files.exists(port)) {
			if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
				throw new IllegalStateException("The server has ended with " + process.exitValue());
			}
		}
		String address = "http://127.0.0.1:" + Files.readString(port) + "/api";
		Files.delete(port);
		return new Server(process, address);
	}

	private List<String> client(Run run, String address, Path own) {
		Pipeline pipeline = run.pipeline();
		List<String> command = java((run.measure() == Measure.BACKLOG) ? "-Xmx256m" : "-Xmx3g",
				Library.classPath(pipeline.libraries()), PipelineApplication.class, pipeline.configuration().getName(),
				run.measure().name(), Long.toString(run.warmUpUpdates()), Integer.toString(this.options.warmUp()),
				Long.toString(run.amount()), own.resolve(RESULTS).toString(), "--benchmark.address=" + address,
				"--requence.task.enabled=" + pipeline.libraries().contains(Library.STARTER),
				"--requence.task.access-token=" + AccessToken.of("benchmark", URI.create(address)).encoded());
		command.addAll(1, this.options.jvm());
		pipeline.properties()
			.forEach((name, value) -> command.add("--" + name + "=" + value.replace("{directory}", own.toString())));
		return command;
	}

	private List<String> java(String heap, String classPath, Class<?> main, String... args) {
		List<String> command = new ArrayList<>(List.of(this.options.java().resolve("bin/java").toString(), heap,
				"-XX:+UseG1GC", "-cp", classPath, main.getName()));
		command.addAll(List.of(args));
		return command;
	}

	private static Process start(List<String> command) throws IOException {
		return new ProcessBuilder(command).inheritIO().start();
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

	@Override
	public void close() throws IOException {
		this.servers.values().forEach((server) -> server.process().destroyForcibly());
		FileSystemUtils.deleteRecursively(this.directory);
	}

	/**
	 * A server that sends to every client.
	 *
	 * @param process its process
	 * @param address its address
	 */
	private record Server(Process process, String address) {
	}

}
