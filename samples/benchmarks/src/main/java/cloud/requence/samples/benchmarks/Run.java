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

import java.time.Duration;

import cloud.requence.samples.benchmarks.StreamServer.Traffic;

/**
 * A pipeline and what it is put through.
 *
 * @param pipeline the pipeline
 * @param measure what is measured
 * @param stream what the server sends
 * @param amount the duration of the measurement in milliseconds, or the number of tasks
 * or updates
 */
record Run(Pipeline pipeline, Measure measure, Stream stream, long amount) {

	/** How many tasks are open where their number does not matter. */
	static final int OPEN_TASKS = 100;

	static Run throughput(Pipeline pipeline, Profile profile, int openTasks, Duration time) {
		return new Run(pipeline, Measure.THROUGHPUT, new Stream(Traffic.FLOOD, profile, openTasks), time.toMillis());
	}

	static Run latency(Pipeline pipeline, Duration time) {
		return new Run(pipeline, Measure.LATENCY, new Stream(Traffic.PACED, Profile.S, OPEN_TASKS), time.toMillis());
	}

	static Run heap(Pipeline pipeline, Profile profile, int openTasks) {
		return new Run(pipeline, Measure.HEAP, new Stream(Traffic.STARTS, profile, openTasks), openTasks);
	}

	static Run backlog(Pipeline pipeline, long updates) {
		return new Run(pipeline, Measure.BACKLOG, new Stream(Traffic.FLOOD, Profile.S, OPEN_TASKS), updates);
	}

	static Run start(Pipeline pipeline) {
		return new Run(pipeline, Measure.START, new Stream(Traffic.PACED, Profile.S, OPEN_TASKS), 0);
	}

	/**
	 * Return this run with other traffic.
	 */
	Run of(Traffic traffic) {
		return new Run(this.pipeline, this.measure, new Stream(traffic, this.stream.profile(), this.stream.openTasks()),
				this.amount);
	}

	/**
	 * Return after how many updates the measurement, or its warm-up, begins.
	 */
	long warmUpUpdates() {
		return switch (this.measure) {
			case START, BACKLOG -> 0;
			case LATENCY -> StreamServer.WARM_UP;
			case THROUGHPUT, HEAP -> this.stream.openTasks();
		};
	}

	@Override
	public String toString() {
		return this.pipeline.label() + ", " + this.measure + ", " + this.stream;
	}

	/**
	 * What a server sends.
	 *
	 * @param traffic the kind
	 * @param profile the size of the updates
	 * @param openTasks how many tasks are open at the same time
	 */
	record Stream(Traffic traffic, Profile profile, int openTasks) {
	}

}
