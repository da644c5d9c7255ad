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
import java.util.Properties;
import java.util.function.ToDoubleFunction;

/**
 * What a run has cost.
 *
 * @param values the figures by name
 */
record Result(Properties values) {

	double value(String name) {
		String value = this.values.getProperty(name);
		if (value == null) {
			throw new IllegalStateException("The pipeline has not measured '" + name + "' but " + this.values.keySet());
		}
		return Double.parseDouble(value);
	}

	double cpuMicrosPerUpdate() {
		return value("cpuNanos") / value("updates") / 1000;
	}

	double bytesPerUpdate() {
		return value("allocatedBytes") / value("updates");
	}

	double updatesPerSecond() {
		return value("updates") / value("nanos") * 1_000_000_000;
	}

	/**
	 * Return a part of the result.
	 * @param prefix the prefix of the names of its figures
	 */
	Result window(String prefix) {
		Properties window = new Properties();
		this.values.stringPropertyNames()
			.stream()
			.filter((name) -> name.startsWith(prefix))
			.forEach((name) -> window.put(name.substring(prefix.length()), this.values.getProperty(name)));
		return new Result(window);
	}

	/**
	 * Return the median of a figure.
	 */
	static double median(List<Result> results, ToDoubleFunction<Result> figure) {
		double[] figures = results.stream().mapToDouble(figure).sorted().toArray();
		int middle = figures.length / 2;
		return (figures.length % 2 == 1) ? figures[middle] : (figures[middle - 1] + figures[middle]) / 2;
	}

}
