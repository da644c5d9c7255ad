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
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The results of runs that took turns.
 *
 * @param byRun the results of each, one for each round
 */
record Results(Map<Run, List<Result>> byRun) {

	/**
	 * Return the median of a figure, {@code NaN} if the run was left out.
	 */
	double median(Run run, ToDoubleFunction<Result> figure) {
		List<Result> results = this.byRun.get(run);
		return (results != null) ? Result.median(results, figure) : Double.NaN;
	}

	double ratio(Run run, Run baseline, ToDoubleFunction<Result> figure) {
		return median(run, figure) / median(baseline, figure);
	}

	/**
	 * Return by how much the rounds differ, as a part of their median.
	 */
	double spread(Run run, ToDoubleFunction<Result> figure) {
		List<Result> results = this.byRun.getOrDefault(run, List.of());
		double[] figures = results.stream().mapToDouble(figure).sorted().toArray();
		return (figures.length > 0) ? (figures[figures.length - 1] - figures[0]) / median(run, figure) : Double.NaN;
	}

}
