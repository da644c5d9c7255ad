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

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Tables of medians, in Markdown.
 */
final class Report {

	private final StringBuilder text = new StringBuilder();

	void begin(Options options) {
		line("%d rounds of %d s after %d s of warm-up, medians; each pipeline and each server in a process of its own, "
				+ "%d processors, Java from %s", options.rounds(), options.seconds(), options.warmUp(),
				Runtime.getRuntime().availableProcessors(), options.java().getFileName());
	}

	void throughput(Profile profile, Map<Run, List<Result>> results) {
		int size = UpdateTemplate.round(profile, 1).stream().mapToInt(UpdateTemplate::size).sum() / 10;
		heading("Throughput, profile %s (%d bytes an update)", profile, size);
		line("| | CPU an update | of the starter's | allocated an update | of the starter's | updates a second | of the starter's |");
		line("| --- | --- | --- | --- | --- | --- | --- |");
		Run starter = results.keySet()
			.stream()
			.filter((run) -> run.pipeline() == Pipeline.STARTER)
			.findFirst()
			.orElseThrow();
		Figure cpu = new Figure(results, starter, Result::cpuNanosPerUpdate);
		Figure bytes = new Figure(results, starter, Result::bytesPerUpdate);
		Figure rate = new Figure(results, starter, Result::updatesPerSecond);
		results.keySet()
			.forEach((run) -> line("| %s | %.0f ns | %.2f | %.0f B | %.2f | %.0f | %.2f |", run.pipeline().label(),
					cpu.of(run), cpu.ratio(run), bytes.of(run), bytes.ratio(run), rate.of(run), rate.ratio(run)));
	}

	void growth(Map<Run, List<Result>> results) {
		heading("Growth");
		line("| | open tasks | CPU an update | of the first |");
		line("| --- | --- | --- | --- |");
		Figure cpu = Figure.besideTheFirst(results, Result::cpuNanosPerUpdate);
		results.keySet()
			.forEach((run) -> line("| %s | %d | %.0f ns | %.2f |", run.pipeline().label(), run.openTasks(), cpu.of(run),
					cpu.ratio(run)));
	}

	void latency(Map<Run, List<Result>> results) {
		heading("Latency, one update a millisecond");
		line("| | median | of the first |");
		line("| --- | --- | --- |");
		Figure latency = Figure.besideTheFirst(results, Result::latencyNanos);
		results.keySet()
			.forEach((run) -> line("| %s | %.0f µs | %.2f |", run.pipeline().label(), latency.of(run) / 1000,
					latency.ratio(run)));
	}

	void heap(List<Run> few, List<Run> many, Map<Run, List<Result>> results) {
		heading("Heap of an open task, after its start");
		line("| profile | JSON of the start | heap | of the JSON |");
		line("| --- | --- | --- | --- |");
		Figure used = Figure.besideTheFirst(results, Result::heapBytes);
		for (int i = 0; i < few.size(); i++) {
			Run less = few.get(i);
			Run more = many.get(i);
			int size = UpdateTemplate.starts(less.profile(), 1).get(0).size();
			double heap = (used.of(more) - used.of(less)) / (more.openTasks() - less.openTasks());
			line("| %s | %d B | %.0f B | %.2f |", less.profile(), size, heap, heap / size);
		}
	}

	void start(Map<Run, List<Result>> results) {
		heading("Start, until the application is ready");
		line("| | time | more than the first | classes |");
		line("| --- | --- | --- | --- |");
		Figure millis = Figure.besideTheFirst(results, Result::startMillis);
		Figure classes = Figure.besideTheFirst(results, Result::classes);
		results.keySet()
			.forEach((run) -> line("| %s | %.0f ms | %.0f ms | %.0f |", run.pipeline().label(), millis.of(run),
					millis.difference(run), classes.of(run)));
	}

	private void heading(String format, Object... args) {
		line("");
		line("### " + format, args);
		line("");
	}

	private void line(String format, Object... args) {
		this.text.append(String.format(Locale.ROOT, format, args)).append('\n');
	}

	@Override
	public String toString() {
		return this.text.toString();
	}

	/**
	 * The medians of a figure, beside that of one of the runs.
	 *
	 * @param results the results of all runs
	 * @param baseline the run that others are compared with
	 * @param reading gives the figure of a result
	 */
	private record Figure(Map<Run, List<Result>> results, Run baseline, ToDoubleFunction<Result> reading) {

		static Figure besideTheFirst(Map<Run, List<Result>> results, ToDoubleFunction<Result> reading) {
			return new Figure(results, results.keySet().iterator().next(), reading);
		}

		double of(Run run) {
			return Result.median(this.results.getOrDefault(run, List.of()), this.reading);
		}

		double ratio(Run run) {
			return of(run) / of(this.baseline);
		}

		double difference(Run run) {
			return of(run) - of(this.baseline);
		}

	}

}
