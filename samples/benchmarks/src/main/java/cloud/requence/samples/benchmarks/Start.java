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

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import cloud.requence.samples.benchmarks.Chart.Group;

/**
 * Compares the start of an application that has the starter with that of an empty one.
 */
final class Start implements Suite.Comparison {

	private static final double MUST_MILLIS = 300;

	@Override
	public void compare(Laboratory laboratory, Report report) throws IOException, InterruptedException {
		Options options = laboratory.options();
		Run empty = Run.start(Pipeline.EMPTY);
		Run starter = Run.start(Pipeline.STARTER);
		List<Run> runs = Stream.concat(Stream.of(empty, starter), Pipeline.CONNECTORS.stream().map(Run::start))
			.filter((run) -> options.includes(run.pipeline()))
			.toList();
		Results results = laboratory.run(options.starts(), runs);
		report.paragraph(
				"Medians of %d starts in turns: from the start of the process until the application is ready, "
						+ "without a web server. The empty application has `spring-boot-starter` only.",
				options.starts());
		List<List<String>> rows = new ArrayList<>();
		for (Run run : runs) {
			double millis = results.median(run, Start::millis);
			rows.add(Report.cells(run.pipeline().label(), millis, millis - results.median(empty, Start::millis),
					Report.percent(results.spread(run, Start::millis)), classes(results, run), jars(run),
					results.median(run, (result) -> result.value("residentBytes")) / (1 << 20)));
		}
		report.table(List.of("", "must", "reached"), List.of(Report.target("more than the empty application, ms",
				MUST_MILLIS, true, results.median(starter, Start::millis) - results.median(empty, Start::millis))));
		report.table(List.of("", "start, ms", "more, ms", "± between starts", "classes", "jars", "resident, MB"), rows);
		String title = "Start of an application, ms";
		report.chart("time", title, Chart.bars(title, runs.stream().map((run) -> run.pipeline().label()).toList(), List
			.of(new Group("", runs.stream().mapToDouble((run) -> results.median(run, Start::millis)).toArray()))));
	}

	private static double millis(Result result) {
		return result.value("startMillis");
	}

	private static String classes(Results results, Run run) {
		return Report.number(results.median(run, (result) -> result.value("classes")));
	}

	private static int jars(Run run) {
		return Library.classPath(run.pipeline().libraries()).split(File.pathSeparator).length;
	}

}
