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
import java.util.concurrent.atomic.AtomicLong;

/**
 * What every listener calls. Called by one thread, read by another.
 */
final class Probe {

	private static final int SAMPLES = 1 << 16;

	private final AtomicLong updates = new AtomicLong();

	private final long[] latencies = new long[SAMPLES];

	private final boolean measuresLatency;

	private long checksum;

	Probe(boolean measuresLatency) {
		this.measuresLatency = measuresLatency;
	}

	/**
	 * Count an update.
	 * @param position its position, which tells when it was sent if latencies are
	 * measured
	 */
	void received(long position) {
		long count = this.updates.getPlain();
		if (this.measuresLatency) {
			long sent = position - UpdateTemplate.FIRST_POSITION;
			this.latencies[(int) count & (SAMPLES - 1)] = System.nanoTime() - sent;
		}
		this.updates.setRelease(count + 1);
	}

	/**
	 * Use something of what was read, so that reading it is not in vain.
	 */
	void use(int value) {
		this.checksum += value;
	}

	long updates() {
		return this.updates.getAcquire();
	}

	long checksum() {
		return this.checksum;
	}

	/**
	 * Return the median of the latencies of the updates from one to another.
	 */
	long medianLatency(long from, long to) {
		int count = (int) Math.min(to - from, SAMPLES);
		long[] samples = new long[count];
		for (int i = 0; i < count; i++) {
			samples[i] = this.latencies[(int) (to - count + i) & (SAMPLES - 1)];
		}
		Arrays.sort(samples);
		return (count > 0) ? samples[count / 2] : 0;
	}

}
