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
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * What every listener calls. Latencies are those of a single delivering thread.
 */
final class Probe {

	private static final int SAMPLES = 1 << 14;

	private final LongAdder updates = new LongAdder();

	private final long[] latencies = new long[SAMPLES];

	private final boolean measuresLatency;

	private int samples;

	private final AtomicReference<Object> kept = new AtomicReference<>();

	Probe(boolean measuresLatency) {
		this.measuresLatency = measuresLatency;
	}

	/**
	 * Count an update.
	 * @param position its position, which tells when it was sent if latencies are
	 * measured
	 */
	void received(long position) {
		if (this.measuresLatency) {
			long sent = position - UpdateTemplate.FIRST_POSITION;
			this.latencies[this.samples++ & (SAMPLES - 1)] = System.nanoTime() - sent;
		}
		this.updates.increment();
	}

	/**
	 * Keep something of what was read, so that reading and allocating it is not optimized
	 * away.
	 */
	void keep(Object value) {
		this.kept.setRelease(value);
	}

	long updates() {
		return this.updates.sum();
	}

	/**
	 * Return a percentile of the latencies of the last updates.
	 */
	long latency(long updates, double percentile) {
		int count = (int) Math.min(updates, SAMPLES);
		long[] sorted = new long[count];
		for (int i = 0; i < count; i++) {
			sorted[i] = this.latencies[(this.samples - count + i) & (SAMPLES - 1)];
		}
		Arrays.sort(sorted);
		return (count > 0) ? sorted[(int) (count * percentile / 100)] : 0;
	}

}
