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
import java.util.List;
import java.util.stream.Stream;

import cloud.requence.samples.benchmarks.Chart.Group;
import cloud.requence.samples.benchmarks.StreamServer.Traffic;

/**
 * Compares the starter with itself, with options that are off by default.
 */
final class OptionCosts implements Suite.Comparison {

	private static final String EXCLUDE = "spring.autoconfigure.exclude";

	private static final String AUTO_CONFIGURATION = "cloud.requence.task.autoconfigure.";

	private static final Pipeline PARALLEL = Pipeline.STARTER.named("concurrency 8")
		.with("requence.task.listener.concurrency", 8);

	private static final Pipeline ACKNOWLEDGING = Pipeline.STARTER.named("every tenth update acknowledged");

	private static final List<Pipeline> PIPELINES = List.of(Pipeline.STARTER.named("default"),
			Pipeline.STARTER.named("no MDC").with("requence.task.listener.mdc", false), PARALLEL,
			PARALLEL.named("concurrency 8, virtual threads").with("spring.threads.virtual.enabled", true),
			Pipeline.STARTER.named("metrics")
				.with(Library.METRICS)
				.with(EXCLUDE, AUTO_CONFIGURATION + "observation.RequenceTaskObservationAutoConfiguration"),
			Pipeline.STARTER.named("observation")
				.with(Library.METRICS)
				.with(EXCLUDE, AUTO_CONFIGURATION + "metrics.RequenceTaskMetricsAutoConfiguration"),
			Pipeline.STARTER.named("checkpoint in a file")
				.with("requence.task.checkpoint.store", "file")
				.with("requence.task.checkpoint.file", "{directory}/checkpoint"),
			ACKNOWLEDGING, Pipeline.STARTER_READING.named("payload read as a record"),
			Pipeline.starter("condition in SpEL", StarterPipeline.Conditional.class));

	@Override
	public void compare(Laboratory laboratory, Report report) throws IOException, InterruptedException {
		Options options = laboratory.options();
		List<Run> runs = PIPELINES.stream()
			.filter(options::includes)
			.map((pipeline) -> Run.throughput(pipeline, Profile.S, Run.OPEN_TASKS, options.time())
				.of(pipeline.equals(ACKNOWLEDGING) ? Traffic.FLOOD_ACKNOWLEDGED : Traffic.FLOOD))
			.toList();
		Results results = laboratory.run(runs);
		report
			.paragraph("Medians of %d rounds in turns, %s s each after %d s of warm-up, with updates of profile S (%d "
					+ "bytes), the JDK's client and one listener, as fast as it goes. An option is set beside the defaults. "
					+ "Virtual threads require JDK 21.", options.rounds(), options.seconds(), options.warmUp(),
					UpdateTemplate.meanSize(Profile.S));
		Run first = runs.get(0);
		report.table(List.of("", "processor time, µs", "more, µs", "± between rounds", "updates a second",
				"allocated, B", "more, B"), runs.stream().map((run) -> {
					double cpu = results.median(run, Result::cpuMicrosPerUpdate);
					double bytes = results.median(run, Result::bytesPerUpdate);
					return Report.cells(run.pipeline().label(), cpu,
							cpu - results.median(first, Result::cpuMicrosPerUpdate),
							Report.percent(results.spread(run, Result::cpuMicrosPerUpdate)),
							results.median(run, Result::updatesPerSecond), bytes,
							bytes - results.median(first, Result::bytesPerUpdate));
				}).toList());
		String title = "Processor time of an update, µs";
		report.chart("cpu", title, Chart
			.bars(title, runs.stream().map((run) -> run.pipeline().label()).toList(), List.of(new Group("",
					runs.stream().mapToDouble((run) -> results.median(run, Result::cpuMicrosPerUpdate)).toArray()))));
	}

}
