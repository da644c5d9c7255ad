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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

import cloud.requence.samples.benchmarks.Chart.Group;

/**
 * Compares the starter, on each HTTP client, with the limit and with other
 * implementations.
 */
final class Peers implements Suite.Comparison {

	private static final List<Pipeline> STARTERS = concat(Stream.of(Pipeline.STARTER), Pipeline.CONNECTORS.stream());

	private static final List<Pipeline> COUNTING = concat(Stream.concat(Stream.of(Pipeline.LIMIT), STARTERS.stream()),
			Stream.of(Pipeline.EVENT_SOURCE, Pipeline.SERVER_SENT_EVENT));

	private static final List<Pipeline> ALL = concat(COUNTING.stream(),
			Stream.of(Pipeline.STARTER_READING, Pipeline.SERVER_SENT_EVENT_READING));

	private static List<Pipeline> concat(Stream<Pipeline> first, Stream<Pipeline> second) {
		return Stream.concat(first, second).toList();
	}

	@Override
	public void compare(Laboratory laboratory, Report report) throws IOException, InterruptedException {
		Options options = laboratory.options();
		List<Run> runs = new ArrayList<>();
		for (Profile profile : options.profiles()) {
			ALL.forEach((pipeline) -> runs.add(throughput(pipeline, profile, options)));
		}
		COUNTING.forEach((pipeline) -> runs.add(Run.latency(pipeline, options.time())));
		runs.removeIf((run) -> !options.includes(run.pipeline()));
		new Page(report, options, laboratory.run(runs)).write();
	}

	private static Run throughput(Pipeline pipeline, Profile profile, Options options) {
		return Run.throughput(pipeline, profile, Run.OPEN_TASKS, options.time());
	}

	/**
	 * The report.
	 *
	 * @param report what to write to
	 * @param options the options of the run
	 * @param results its results
	 */
	private record Page(Report report, Options options, Results results) {

		void write() throws IOException {
			this.report
				.paragraph("Medians of %d rounds in turns, %s s each after %d s of warm-up. Each process has one "
						+ "implementation; its processor time includes compilation and garbage collection. A server sends "
						+ "as fast as the client reads, one chunk for each update, with %d tasks open. The listener does "
						+ "not read the payload unless the name says so.", this.options.rounds(),
						this.options.seconds(), this.options.warmUp(), Run.OPEN_TASKS);
			this.report.paragraph("The *limit* reads HTTP/1.0 without chunks from a socket, splits the bytes at empty "
					+ "lines, reads the strings of the envelope with Jackson's streaming parser, and copies the payload "
					+ "to an array that it keeps until the next update. It has no contexts, no other thread and no "
					+ "events.");
			targets();
			for (Profile profile : this.options.profiles()) {
				throughput(profile);
			}
			chart("cpu", "Processor time of an update, as a multiple of the limit", Result::cpuMicrosPerUpdate);
			chart("allocation", "Bytes allocated for an update, as a multiple of the limit", Result::bytesPerUpdate);
			chart("rate", "Updates a second, as a part of the limit", Result::updatesPerSecond);
			latency();
		}

		private void targets() {
			List<List<String>> rows = new ArrayList<>();
			double[][] musts = { { 3, 2.2, 2.4, 1.8, 5 }, { 3.5, 2, 1.8, 2.2, 8 }, { 3.5, 2, 1.3, 1.8, 12 } };
			for (Profile profile : this.options.profiles()) {
				double[] must = musts[profile.ordinal()];
				String size = profile + ": ";
				rows.add(Report.target(size + "processor time, `ServerSentEvent` : starter", must[0], false,
						inverse(profile, Pipeline.SERVER_SENT_EVENT, Result::cpuMicrosPerUpdate)));
				rows.add(Report.target(size + "the same, payload read", must[1], false,
						this.results.ratio(run(Pipeline.SERVER_SENT_EVENT_READING, profile),
								run(Pipeline.STARTER_READING, profile), Result::cpuMicrosPerUpdate)));
				rows.add(Report.target(size + "processor time, starter : limit", must[2], true,
						ratios(profile, Pipeline.LIMIT, Result::cpuMicrosPerUpdate)));
				rows.add(Report.target(size + "updates a second, starter : okhttp-eventsource", must[3], false,
						ratios(profile, Pipeline.EVENT_SOURCE, Result::updatesPerSecond)));
				rows.add(Report.target(size + "bytes allocated, `ServerSentEvent` : starter", must[4], false,
						inverse(profile, Pipeline.SERVER_SENT_EVENT, Result::bytesPerUpdate)));
			}
			Run limit = Run.latency(Pipeline.LIMIT, this.options.time());
			rows.add(Report.target("median latency, starter : limit", 1.5, true,
					STARTERS.stream()
						.mapToDouble((starter) -> this.results.ratio(Run.latency(starter, this.options.time()), limit,
								Peers::latencyMicros))
						.toArray()));
			this.report.heading("Reached");
			this.report.table(List.of("", "must", "JDK's client", "Reactor Netty", "Jetty"), rows);
		}

		private double[] ratios(Profile profile, Pipeline peer, ToDoubleFunction<Result> figure) {
			return STARTERS.stream()
				.mapToDouble((starter) -> this.results.ratio(run(starter, profile), run(peer, profile), figure))
				.toArray();
		}

		private double[] inverse(Profile profile, Pipeline peer, ToDoubleFunction<Result> figure) {
			return Arrays.stream(ratios(profile, peer, figure)).map((ratio) -> 1 / ratio).toArray();
		}

		private void throughput(Profile profile) {
			this.report.heading(
					"Profile " + profile + ": " + Report.number(UpdateTemplate.meanSize(profile)) + " bytes an update");
			Run limit = run(Pipeline.LIMIT, profile);
			this.report.table(List.of("", "processor time, µs", "of the limit", "± between rounds", "updates a second",
					"allocated, B", "of the limit"), measured(ALL).stream().map((pipeline) -> {
						Run run = run(pipeline, profile);
						return Report.cells(pipeline.label(), this.results.median(run, Result::cpuMicrosPerUpdate),
								this.results.ratio(run, limit, Result::cpuMicrosPerUpdate),
								Report.percent(this.results.spread(run, Result::cpuMicrosPerUpdate)),
								this.results.median(run, Result::updatesPerSecond),
								this.results.median(run, Result::bytesPerUpdate),
								this.results.ratio(run, limit, Result::bytesPerUpdate));
					}).toList());
		}

		private void chart(String part, String title, ToDoubleFunction<Result> figure) throws IOException {
			List<Pipeline> pipelines = measured(COUNTING);
			if (!pipelines.contains(Pipeline.LIMIT)) {
				return;
			}
			this.report
				.chart(part, title,
						Chart
							.bars(title, labels(pipelines),
									this.options.profiles()
										.stream()
										.map((profile) -> new Group(profile.name(), pipelines.stream()
											.mapToDouble((pipeline) -> this.results.ratio(run(pipeline, profile),
													run(Pipeline.LIMIT, profile), figure))
											.toArray()))
										.toList()));
		}

		private void latency() throws IOException {
			List<Pipeline> pipelines = measured(COUNTING);
			Run limit = Run.latency(Pipeline.LIMIT, this.options.time());
			this.report.heading("Latency, one update of profile S a millisecond");
			List<List<String>> rows = new ArrayList<>();
			List<Double> medians = new ArrayList<>();
			List<Double> tails = new ArrayList<>();
			for (Pipeline pipeline : pipelines) {
				Run run = Run.latency(pipeline, this.options.time());
				medians.add(this.results.median(run, Peers::latencyMicros));
				tails.add(this.results.median(run, (result) -> result.value("p99") / 1000));
				rows.add(Report.cells(pipeline.label(), medians.get(medians.size() - 1),
						this.results.ratio(run, limit, Peers::latencyMicros),
						Report.percent(this.results.spread(run, Peers::latencyMicros)), tails.get(tails.size() - 1)));
			}
			this.report.table(List.of("", "median, µs", "of the limit", "± between rounds", "99th percentile, µs"),
					rows);
			String title = "Time from the server to the listener, µs";
			this.report.chart("latency", title,
					Chart.bars(title, labels(pipelines), List.of(
							new Group("median", medians.stream().mapToDouble(Double::doubleValue).toArray()),
							new Group("99th percentile", tails.stream().mapToDouble(Double::doubleValue).toArray()))));
		}

		private List<Pipeline> measured(List<Pipeline> pipelines) {
			return pipelines.stream().filter(this.options::includes).toList();
		}

		private static List<String> labels(List<Pipeline> pipelines) {
			return pipelines.stream().map(Pipeline::label).toList();
		}

		private Run run(Pipeline pipeline, Profile profile) {
			return Peers.throughput(pipeline, profile, this.options);
		}

	}

	private static double latencyMicros(Result result) {
		return result.value("median") / 1000;
	}

}
