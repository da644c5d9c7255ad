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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Compares ways to watch tasks, and writes a report.
 */
final class Benchmarks {

	private static final Log logger = LogFactory.getLog(Benchmarks.class);

	private static final int OPEN_TASKS = 100;

	private static final int FEW_TASKS = 20_000;

	private static final int MANY_TASKS = 120_000;

	private final Options options;

	private final Laboratory laboratory;

	private final Report report = new Report();

	Benchmarks(Options options) {
		this.options = options;
		this.laboratory = new Laboratory(options);
	}

	/**
	 * Compare what is asked for.
	 * @param args the {@link Options}
	 * @throws IOException if a process cannot be started or the report cannot be written
	 * @throws InterruptedException if this thread is to end
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		Options options = Options.of(args);
		String report = new Benchmarks(options).run();
		Path file = options.report().toAbsolutePath();
		Files.createDirectories(file.resolveSibling("."));
		Files.writeString(file, report);
		logger.info("The report is in " + file + ":\n" + report);
	}

	String run() throws IOException, InterruptedException {
		this.report.begin(this.options);
		for (Suite suite : this.options.suites()) {
			switch (suite) {
				case THROUGHPUT -> compareThroughput();
				case GROWTH -> compareGrowth();
				case LATENCY -> compareLatency();
				case HEAP -> compareHeap();
				case START -> compareStart();
			}
		}
		return this.report.toString();
	}

	private void compareThroughput() throws IOException, InterruptedException {
		for (Profile profile : this.options.profiles()) {
			List<Run> runs = Pipeline.forThroughput()
				.stream()
				.map((pipeline) -> Run.throughput(pipeline, profile, OPEN_TASKS))
				.toList();
			this.report.throughput(profile, this.laboratory.run(runs));
		}
	}

	private void compareGrowth() throws IOException, InterruptedException {
		List<Run> runs = List.of(Run.throughput(Pipeline.STARTER, Profile.S, OPEN_TASKS),
				Run.throughput(Pipeline.STARTER, Profile.S, 10 * OPEN_TASKS),
				Run.throughput(Pipeline.STARTER, Profile.S, 100 * OPEN_TASKS),
				Run.throughput(Pipeline.STARTER_TYPES, Profile.S, OPEN_TASKS));
		this.report.growth(this.laboratory.run(runs));
	}

	private void compareLatency() throws IOException, InterruptedException {
		List<Run> runs = Stream
			.of(Pipeline.SOCKET, Pipeline.STARTER, Pipeline.STARTER_NETTY, Pipeline.SERVER_SENT_EVENT,
					Pipeline.EVENT_SOURCE)
			.map(Run::latency)
			.toList();
		this.report.latency(this.laboratory.run(runs));
	}

	private void compareHeap() throws IOException, InterruptedException {
		List<Run> few = heapRuns(FEW_TASKS);
		List<Run> many = heapRuns(MANY_TASKS);
		this.report.heap(few, many, this.laboratory.run(Stream.concat(few.stream(), many.stream()).toList()));
	}

	private static List<Run> heapRuns(int tasks) {
		return Stream.of(Profile.S, Profile.M).map((profile) -> Run.heap(Pipeline.STARTER, profile, tasks)).toList();
	}

	private void compareStart() throws IOException, InterruptedException {
		List<Run> runs = Stream.of(Pipeline.EMPTY, Pipeline.STARTER, Pipeline.STARTER_NETTY).map(Run::start).toList();
		this.report.start(this.laboratory.run(runs));
	}

}
