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

package cloud.requence.emulator;

import java.time.Duration;

/**
 * Limits for what an emulator stores in memory and on disk, and for what it accepts from
 * a client. Above a limit the oldest content is dropped.
 *
 * @param updates how many updates are kept at least; twice as many are not
 * @param updateBytes how many bytes of updates are kept, and as many of what tasks hold
 * @param tasks how many tasks are kept: ended ones are dropped first, then those that
 * await their delivery, then those under way
 * @param recordings how many requests are recorded, and how many acknowledgements
 * @param recordedBytes how many bytes of requests are recorded
 * @param uploads how many files and streams of clients are kept
 * @param uploadedBytes how many bytes of them are kept on disk
 * @param bodySize how many bytes the body of a call may have; a larger one is answered
 * with 413
 * @param connections how many connections are accepted at a time
 * @param requestTimeout how long a client may take for the headers of a request, and how
 * long it may be silent while it sends a body
 */
public record EmulatorLimits(int updates, long updateBytes, int tasks, int recordings, long recordedBytes, int uploads,
		long uploadedBytes, int bodySize, int connections, Duration requestTimeout) {

	private static final long MEGABYTE = 1024 * 1024;

	public EmulatorLimits {
		if (updates < 10) {
			throw new IllegalArgumentException("updates must not be less than 10");
		}
		if (updateBytes < 1 || tasks < 1 || recordings < 1 || recordedBytes < 1 || uploads < 1 || uploadedBytes < 1
				|| bodySize < 1 || connections < 1) {
			throw new IllegalArgumentException("Limits must be positive");
		}
		if (requestTimeout.isNegative() || requestTimeout.isZero()) {
			throw new IllegalArgumentException("requestTimeout must be positive");
		}
	}

	/**
	 * Return limits that tests hardly meet: in all, at most about half of the heap.
	 * @return the limits
	 */
	public static EmulatorLimits large() {
		long heap = Runtime.getRuntime().maxMemory();
		return new EmulatorLimits(10_000_000, heap / 6, 1_000_000, 1_000_000, heap / 8, 100_000, 100_000 * MEGABYTE,
				(int) Math.min(256 * MEGABYTE, heap / 16), 10_000, Duration.ofMinutes(1));
	}

	/**
	 * Return limits for an emulator that runs for weeks inside another application: about
	 * 30 MB of memory and 256 MB on disk.
	 * @return the limits
	 */
	public static EmulatorLimits small() {
		return new EmulatorLimits(5_000, 8 * MEGABYTE, 1_000, 1_000, 2 * MEGABYTE, 500, 256 * MEGABYTE, (int) MEGABYTE,
				500, Duration.ofSeconds(20));
	}

	/**
	 * Set how many updates are kept.
	 * @param updates how many at least, 10 or more
	 * @return other limits
	 */
	public EmulatorLimits withUpdates(int updates) {
		return new EmulatorLimits(updates, this.updateBytes, this.tasks, this.recordings, this.recordedBytes,
				this.uploads, this.uploadedBytes, this.bodySize, this.connections, this.requestTimeout);
	}

	/**
	 * Set how many bytes of updates are kept, and as many of what tasks hold.
	 * @param bytes how many
	 * @return other limits
	 */
	public EmulatorLimits withUpdateBytes(long bytes) {
		return new EmulatorLimits(this.updates, bytes, this.tasks, this.recordings, this.recordedBytes, this.uploads,
				this.uploadedBytes, this.bodySize, this.connections, this.requestTimeout);
	}

	/**
	 * Set how many tasks are kept.
	 * @param tasks how many
	 * @return other limits
	 */
	public EmulatorLimits withTasks(int tasks) {
		return new EmulatorLimits(this.updates, this.updateBytes, tasks, this.recordings, this.recordedBytes,
				this.uploads, this.uploadedBytes, this.bodySize, this.connections, this.requestTimeout);
	}

	/**
	 * Set how many requests and acknowledgements are recorded.
	 * @param recordings how many of each
	 * @param bytes how many bytes of requests
	 * @return other limits
	 */
	public EmulatorLimits withRecordings(int recordings, long bytes) {
		return new EmulatorLimits(this.updates, this.updateBytes, this.tasks, recordings, bytes, this.uploads,
				this.uploadedBytes, this.bodySize, this.connections, this.requestTimeout);
	}

	/**
	 * Set how many files and streams of clients are kept.
	 * @param uploads how many
	 * @param bytes how many bytes of them
	 * @return other limits
	 */
	public EmulatorLimits withUploads(int uploads, long bytes) {
		return new EmulatorLimits(this.updates, this.updateBytes, this.tasks, this.recordings, this.recordedBytes,
				uploads, bytes, this.bodySize, this.connections, this.requestTimeout);
	}

	/**
	 * Set what a client may send.
	 * @param bodySize how many bytes the body of a call may have
	 * @param requestTimeout how long the headers of a request may take, and a pause in
	 * its body
	 * @return other limits
	 */
	public EmulatorLimits withRequests(int bodySize, Duration requestTimeout) {
		return new EmulatorLimits(this.updates, this.updateBytes, this.tasks, this.recordings, this.recordedBytes,
				this.uploads, this.uploadedBytes, bodySize, this.connections, requestTimeout);
	}

}
