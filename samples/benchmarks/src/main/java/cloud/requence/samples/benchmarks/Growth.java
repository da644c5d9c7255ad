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
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import cloud.requence.samples.benchmarks.Chart.Group;

/**
 * Looks at what an update costs, and a task retains, with more of everything.
 */
final class Growth implements Suite.Comparison {

	private static final double FLAT = 1.2;

	private static final double RETAINED = 1.3;

	private static final int FEW_TASKS = 10_000;

	private static final int BACKLOG = 10_000_000;

	private static final Pipeline MANY = Pipeline.starter("starter", StarterPipeline.Many.class);

	private static final Pipeline BASE = Pipeline.STARTER.named("1 listener, concurrency 1");

	@Override
	public void compare(Laboratory laboratory, Report report) throws IOException, InterruptedException {
		Page page = new Page(report, laboratory.options());
		page.measure(laboratory);
	}

	/**
	 * A series of runs with more of something.
	 *
	 * @param title what grows
	 * @param part a part of the name of its plot
	 * @param labels how much of it
	 * @param runs a run for each
	 * @param flat whether the cost of an update must not grow
	 */
	private record Series(String title, String part, List<String> labels, List<Run> runs, boolean flat) {
	}

	/**
	 * The report.
	 *
	 * @param report what to write to
	 * @param options the options of the run
	 */
	private record Page(Report report, Options options) {

		void measure(Laboratory laboratory) throws IOException, InterruptedException {
			List<Series> series = List.of(openTasks(),
					listeners("idle-listeners", "Listeners that do not take the update", true),
					listeners("further-listeners", "Listeners that take the update", false), lanes());
			Results results = laboratory.run(series.stream().flatMap((one) -> one.runs().stream()).distinct().toList());
			Run backlog = Run.backlog(Pipeline.STARTER, this.options.scaled(BACKLOG));
			List<Run> heapRuns = Stream
				.concat(tasks(3).mapToObj((tasks) -> Run.heap(Pipeline.STARTER, Profile.S, tasks)),
						tasks(2).mapToObj((tasks) -> Run.heap(Pipeline.STARTER, Profile.M, tasks)))
				.toList();
			Results once = laboratory.run(1, Stream.concat(heapRuns.stream(), Stream.of(backlog)).toList());
			this.report
				.paragraph("The starter with updates of profile S (%d bytes), the JDK's client, and a listener that "
						+ "does not read the payload. Medians of %d rounds in turns, %s s each after %d s of warm-up, which begins "
						+ "when all tasks are open.", UpdateTemplate.meanSize(Profile.S), this.options.rounds(),
						this.options.seconds(), this.options.warmUp());
			for (Series one : series) {
				write(one, results);
			}
			backlog(once, backlog);
			heap(once, heapRuns);
		}

		private IntStream tasks(int count) {
			return IntStream.iterate(this.options.scaled(FEW_TASKS), (tasks) -> tasks * 10)
				.limit(Math.min(count, this.options.sizes()));
		}

		private List<Integer> counts(Integer... counts) {
			return Stream.of(counts).limit(this.options.sizes()).toList();
		}

		private Series openTasks() {
			return new Series("Open tasks", "tasks", tasks(3).mapToObj(Report::count).toList(),
					tasks(3).mapToObj((tasks) -> run(BASE, tasks)).toList(), true);
		}

		private Series listeners(String property, String title, boolean flat) {
			List<Integer> counts = counts(1, 10, 100);
			return new Series(title, property, counts.stream().map(Report::count).toList(),
					counts.stream()
						.map((count) -> run(
								(count == 1) ? BASE
										: MANY.named(count + " " + property).with("benchmark." + property, count - 1),
								Run.OPEN_TASKS))
						.toList(),
					flat);
		}

		private Series lanes() {
			List<Integer> counts = counts(1, 8, 64);
			return new Series("Concurrency of the delivery", "concurrency", counts.stream().map(Report::count).toList(),
					counts.stream()
						.map((count) -> run((count == 1) ? BASE
								: Pipeline.STARTER.named("concurrency " + count)
									.with("requence.task.listener.concurrency", count),
								Run.OPEN_TASKS))
						.toList(),
					true);
		}

		private Run run(Pipeline pipeline, int openTasks) {
			return Run.throughput(pipeline, Profile.S, openTasks, this.options.time());
		}

		private void write(Series series, Results results) throws IOException {
			ToDoubleFunction<Result> cpu = Result::cpuMicrosPerUpdate;
			Run first = series.runs().get(0);
			List<List<String>> rows = new ArrayList<>();
			for (int i = 0; i < series.runs().size(); i++) {
				Run run = series.runs().get(i);
				double ratio = results.ratio(run, series.runs().get(Math.max(0, i - 1)), cpu);
				List<String> row = new ArrayList<>(Report.target(series.labels().get(i), FLAT, true, ratio));
				if (!series.flat()) {
					row.set(1, "");
					row.set(2, Report.number(ratio));
				}
				row.addAll(Report.cells(results.ratio(run, first, cpu), results.median(run, cpu),
						Report.percent(results.spread(run, cpu)), results.median(run, Result::updatesPerSecond),
						results.median(run, Result::bytesPerUpdate)));
				rows.add(row);
			}
			this.report.heading(series.title());
			this.report.table(List.of("", "must", "processor time, of the line above", "of the first",
					"processor time, µs", "± between rounds", "updates a second", "allocated, B"), rows);
			String title = series.title() + ": processor time of an update, µs";
			this.report.chart(series.part(), title,
					Chart.lines(title, series.labels(), List.of(new Group("processor time, µs",
							series.runs().stream().mapToDouble((run) -> results.median(run, cpu)).toArray()))));
		}

		private void backlog(Results results, Run run) throws IOException {
			this.report.heading("Backlog of " + Report.count(this.options.scaled(BACKLOG)) + " updates");
			this.report.paragraph(
					"Delivered from the start of the process on, as fast as it goes, with a heap of 256 MB. "
							+ "The heap in use afterwards is %s MB.",
					Report.number(results.median(run, (result) -> result.value("heapBytes")) / (1 << 20)));
			List<List<String>> rows = new ArrayList<>();
			List<String> labels = new ArrayList<>();
			double[] costs = new double[PipelineApplication.WINDOWS];
			for (int window = 1; window <= PipelineApplication.WINDOWS; window++) {
				String prefix = window + ".";
				costs[window - 1] = results.median(run, (result) -> result.window(prefix).cpuMicrosPerUpdate());
				labels.add(window * 100 / PipelineApplication.WINDOWS + " %");
				// The first tenth has the compilation
				List<String> row = new ArrayList<>(Report.target(labels.get(window - 1), FLAT, true,
						costs[window - 1] / costs[Math.min(window - 1, 1)]));
				row.addAll(Report.cells(costs[window - 1],
						results.median(run, (result) -> result.window(prefix).updatesPerSecond()),
						results.median(run, (result) -> result.value(prefix + "residentBytes")) / (1 << 20)));
				rows.add(row);
			}
			this.report.table(List.of("of the backlog", "must", "processor time, of the second tenth",
					"processor time, µs", "updates a second", "resident, MB"), rows);
			String title = "Processor time of an update in a long backlog, µs";
			this.report.chart("backlog", title,
					Chart.lines(title, labels, List.of(new Group("processor time, µs", costs))));
		}

		private void heap(Results results, List<Run> runs) throws IOException {
			this.report.heading("Heap that an open task retains");
			List<List<String>> rows = new ArrayList<>();
			List<String> labels = new ArrayList<>();
			List<Double> ratios = new ArrayList<>();
			for (int i = 1; i < runs.size(); i++) {
				Run less = runs.get(i - 1);
				Run more = runs.get(i);
				if (less.stream().profile() == more.stream().profile()) {
					int json = UpdateTemplate.steps(more.stream().profile(), false)[0].size();
					double retained = (used(results, more) - used(results, less)) / (more.amount() - less.amount());
					labels.add(more.stream().profile() + ", " + Report.count((int) less.amount()) + " to "
							+ Report.count((int) more.amount()));
					ratios.add(retained / json);
					List<String> row = new ArrayList<>(
							Report.target(labels.get(labels.size() - 1), RETAINED, true, retained / json));
					row.addAll(Report.cells(json, retained));
					rows.add(row);
				}
			}
			this.report.table(List.of("updates, open tasks", "must", "retained, of the JSON", "JSON of the start, B",
					"retained, B"), rows);
			String title = "Heap that an open task retains, as a multiple of its JSON";
			this.report.chart("heap", title, Chart.bars(title, labels,
					List.of(new Group("", ratios.stream().mapToDouble(Double::doubleValue).toArray()))));
		}

		private static double used(Results results, Run run) {
			return results.median(run, (result) -> result.value("heapBytes"));
		}

	}

}
