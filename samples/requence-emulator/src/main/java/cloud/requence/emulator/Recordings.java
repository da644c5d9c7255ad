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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * What clients did lately, as far as the limits allow. Safe for use by any thread.
 */
final class Recordings {

	/** About what a request takes besides its text, and each of its headers. */
	private static final int ENTRY_BYTES = 100;

	private final Deque<RecordedRequest> requests = new ArrayDeque<>();

	private final Deque<Acknowledgement> acknowledgements = new ArrayDeque<>();

	private final EmulatorLimits limits;

	private long bytes;

	Recordings(EmulatorLimits limits) {
		this.limits = limits;
	}

	synchronized void add(RecordedRequest request) {
		this.requests.addLast(request);
		this.bytes += size(request);
		while (this.requests.size() > this.limits.recordings()
				|| (this.bytes > this.limits.recordedBytes() && this.requests.size() > 1)) {
			this.bytes -= size(this.requests.removeFirst());
		}
	}

	synchronized void add(Acknowledgement acknowledgement) {
		this.acknowledgements.addLast(acknowledgement);
		if (this.acknowledgements.size() > this.limits.recordings()) {
			this.acknowledgements.removeFirst();
		}
	}

	synchronized List<RecordedRequest> requests() {
		return List.copyOf(this.requests);
	}

	synchronized List<Acknowledgement> acknowledgements() {
		return List.copyOf(this.acknowledgements);
	}

	synchronized void clear() {
		this.requests.clear();
		this.bytes = 0;
		this.acknowledgements.clear();
	}

	private static long size(RecordedRequest request) {
		long size = (long) ENTRY_BYTES + request.path().length() + request.body().length();
		for (Map.Entry<String, String> header : request.headers().entrySet()) {
			size += (long) ENTRY_BYTES + header.getKey().length() + header.getValue().length();
		}
		return size;
	}

}
