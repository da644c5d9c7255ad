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

import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.checkpoint.ResumeTime;
import cloud.requence.task.support.LogLimit;
import cloud.requence.task.support.LogText;

/**
 * Counts what was read and logs what is out of the ordinary. Written by one thread at a
 * time and read by anyone.
 */
@SuppressWarnings("NonAtomicVolatileUpdate")
final class ReadingReporter {

	private static final Log logger = LogFactory.getLog(ReadingReporter.class);

	private static final String NO_POSITION = "NO_POSITION";

	private final String prefix;

	private final int maxEventSize;

	private final LogLimit regressions;

	private final LogLimit tooLarge;

	private final Set<String> reported = new HashSet<>();

	// Zero before the first
	private volatile long lastByte;

	private volatile long lastUpdate;

	private volatile long received;

	private volatile long newUpdates;

	private volatile long repeats;

	private volatile long malformed;

	private volatile long oversized;

	private volatile long regressed;

	ReadingReporter(String watcher, int maxEventSize, LongSupplier nanoTime) {
		this.prefix = LogText.watcher(watcher) + ": ";
		this.maxEventSize = maxEventSize;
		this.regressions = new LogLimit(logger, this.prefix + "positions that went back", nanoTime);
		this.tooLarge = new LogLimit(logger, this.prefix + "updates that are too large", nanoTime);
	}

	/**
	 * Bytes have come.
	 * @param now the time by the ticker
	 */
	void bytes(long now) {
		this.lastByte = now;
	}

	/**
	 * Events have ended, updates or not.
	 */
	void received(long events) {
		if (events > 0) {
			this.received += events;
		}
	}

	/**
	 * New updates were handed over.
	 */
	void handedOver(int updates) {
		this.lastUpdate = this.lastByte;
		this.newUpdates += updates;
	}

	void repeat() {
		this.repeats++;
	}

	void regressed(@Nullable Long from, @Nullable Long to) {
		this.regressed++;
		this.regressions.warn(this.prefix + "the position went back from " + from + " to " + to
				+ " with an update that is new; it is delivered", null);
	}

	void withoutPosition() {
		if (this.reported.add(NO_POSITION)) {
			logger.warn(this.prefix + "updates have no position (the ids of their events are"
					+ " missing, or no integers). Whenever the watcher connects again, it asks for the updates since "
					+ ResumeTime.OVERLAP.toSeconds() + " s before the newest, and drops those that it knows");
		}
	}

	void ignored(@Nullable Long position) {
		if (logger.isDebugEnabled()) {
			logger.debug(this.prefix + "ignored an event at position " + position + " that is not an update of a task");
		}
	}

	void undecodable(@Nullable Long position, String problem, String reason) {
		this.malformed++;
		String message = this.prefix + "skipped an update at position " + position + " that cannot be decoded ("
				+ reason + ")";
		if (this.reported.add(problem)) {
			logger.warn(message + "; further ones of this kind are only counted");
		}
		else {
			logger.debug(message);
		}
	}

	void oversized(@Nullable Long position, long size) {
		this.oversized++;
		String obstacle = (size > this.maxEventSize)
				? "is more than 'requence.task.connection.max-event-size' allows (" + this.maxEventSize + ")"
				: "does not fit into the heap; give the application more heap, or set a lower"
						+ " 'requence.task.connection.max-event-size'";
		this.tooLarge.warn(
				this.prefix + "skipped an update at position " + position + " of " + size + " bytes, which " + obstacle,
				null);
	}

	/**
	 * Log how many lines were left out.
	 */
	void summarizeLogs() {
		this.regressions.summarizeIfAny();
		this.tooLarge.summarizeIfAny();
	}

	/**
	 * Return when the last byte came, by the ticker; zero before the first.
	 */
	long lastByte() {
		return this.lastByte;
	}

	/**
	 * Return when the last new update came, by the ticker; zero before the first.
	 */
	long lastUpdate() {
		return this.lastUpdate;
	}

	long received() {
		return this.received;
	}

	/**
	 * Return how many updates were new.
	 */
	long newUpdates() {
		return this.newUpdates;
	}

	long repeats() {
		return this.repeats;
	}

	long malformed() {
		return this.malformed;
	}

	long oversized() {
		return this.oversized;
	}

	/**
	 * Return how many updates came with a position that went back.
	 */
	long regressed() {
		return this.regressed;
	}

}
