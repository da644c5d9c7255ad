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

package cloud.requence.task.watcher;

/**
 * How large an event may be. One that is allowed and does not fit into the heap must not
 * block the stream: if reading fails at the same event again and again, larger ones are
 * skipped without keeping them, until the stream has moved on.
 */
final class EventSizeLimit {

	private static final int FAILURES_BEFORE_SKIPPING = 3;

	private static final int ALWAYS_AFFORDABLE = 1024 * 1024;

	private final int maxEventSize;

	// How many connections in a row an error has ended at the same event
	private int failures;

	EventSizeLimit(int maxEventSize) {
		this.maxEventSize = maxEventSize;
	}

	/**
	 * Return what was set, in bytes.
	 */
	int max() {
		return this.maxEventSize;
	}

	/**
	 * Return what the heap can afford, as far as is known, in bytes.
	 */
	int affordable() {
		int halvings = Math.min(this.failures - FAILURES_BEFORE_SKIPPING + 1, Integer.SIZE - 1);
		if (halvings <= 0) {
			return this.maxEventSize;
		}
		return Math.min(this.maxEventSize, Math.max(ALWAYS_AFFORDABLE, this.maxEventSize >> halvings));
	}

	/**
	 * An error has ended reading.
	 */
	void failed() {
		this.failures++;
	}

	/**
	 * The stream has moved on.
	 * @return whether there were failures before
	 */
	boolean movedOn() {
		boolean failed = this.failures > 0;
		this.failures = 0;
		return failed;
	}

}
