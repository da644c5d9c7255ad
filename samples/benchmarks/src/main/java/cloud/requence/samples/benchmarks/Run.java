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

import cloud.requence.samples.benchmarks.StreamServer.Traffic;

/**
 * A pipeline and what it is put through.
 *
 * @param pipeline the pipeline
 * @param measure what is measured
 * @param traffic what the server sends
 * @param profile the size of the updates
 * @param openTasks how many tasks are open at the same time
 */
record Run(Pipeline pipeline, Measure measure, Traffic traffic, Profile profile, int openTasks) {

	static Run throughput(Pipeline pipeline, Profile profile, int openTasks) {
		return new Run(pipeline, Measure.THROUGHPUT, Traffic.FLOOD, profile, openTasks);
	}

	static Run latency(Pipeline pipeline) {
		return new Run(pipeline, Measure.LATENCY, Traffic.PACED, Profile.S, 100);
	}

	static Run heap(Pipeline pipeline, Profile profile, int openTasks) {
		return new Run(pipeline, Measure.HEAP, Traffic.STARTS, profile, openTasks);
	}

	static Run start(Pipeline pipeline) {
		return new Run(pipeline, Measure.START, Traffic.PACED, Profile.S, 100);
	}

}
