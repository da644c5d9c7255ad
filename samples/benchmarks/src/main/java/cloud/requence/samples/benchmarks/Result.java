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

import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.function.ToDoubleFunction;

/**
 * What a run has cost.
 *
 * @param values the figures by name
 */
record Result(Properties values) {

	private double value(String name) {
		String value = this.values.getProperty(name);
		if (value == null) {
			throw new IllegalStateException("The pipeline has not measured '" + name + "' but " + this.values.keySet());
		}
		return Double.parseDouble(value);
	}

	private double perUpdate(String name) {
		return value(name) / value("updates");
	}

	double cpuNanosPerUpdate() {
		return perUpdate("cpuNanos");
	}

	double bytesPerUpdate() {
		return perUpdate("allocatedBytes");
	}

	double updatesPerSecond() {
		return value("updates") / value("nanos") * 1_000_000_000;
	}

	double latencyNanos() {
		return value("latencyNanos");
	}

	double heapBytes() {
		return value("heapBytes");
	}

	double startMillis() {
		return value("startMillis");
	}

	double classes() {
		return value("classes");
	}

	static double median(List<Result> results, ToDoubleFunction<Result> figure) {
		double[] figures = results.stream().mapToDouble(figure).toArray();
		Arrays.sort(figures);
		int middle = figures.length / 2;
		return (figures.length % 2 == 1) ? figures[middle] : (figures[middle - 1] + figures[middle]) / 2;
	}

}
