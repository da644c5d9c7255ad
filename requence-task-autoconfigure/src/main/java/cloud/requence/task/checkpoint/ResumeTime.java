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

package cloud.requence.task.checkpoint;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The time from which updates are wanted again if there is no position to resume from:
 * that of the newest update, less an overlap for updates that come late. Not safe for use
 * by several threads.
 */
public final class ResumeTime {

	/**
	 * How much of the past is asked for again. Its updates are known by their
	 * identifiers.
	 */
	public static final Duration OVERLAP = Duration.ofSeconds(30);

	/**
	 * A single time in the future may be an error, and would skip everything before it.
	 */
	private static final int CONFIRMATIONS = 16;

	private final Clock clock;

	private @Nullable Instant newest;

	private int ahead;

	private @Nullable Instant lowestAhead;

	/**
	 * Create a time that is not known yet.
	 * @param clock tells which times are in the future
	 */
	public ResumeTime(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Take the time of an update into account, by the clock of the platform.
	 * @param timestamp the time; {@code null} if the update has none
	 */
	public void seen(@Nullable Instant timestamp) {
		Instant current = this.newest;
		if (timestamp == null) {
			return;
		}
		if (current != null && timestamp.compareTo(current) <= 0) {
			this.ahead = 0;
		}
		else if (timestamp.compareTo(this.clock.instant()) <= 0) {
			this.ahead = 0;
			this.newest = timestamp;
		}
		else {
			seenAhead(timestamp);
		}
	}

	/**
	 * The clock of the platform may be ahead of this one.
	 */
	private void seenAhead(Instant timestamp) {
		Instant lowest = this.lowestAhead;
		if (this.ahead == 0 || lowest == null || timestamp.isBefore(lowest)) {
			lowest = timestamp;
		}
		this.lowestAhead = lowest;
		this.ahead++;
		if (this.ahead == CONFIRMATIONS) {
			this.ahead = 0;
			this.newest = lowest;
		}
	}

	/**
	 * Return the time of the newest update.
	 * @return the time; {@code null} if none is known
	 */
	public @Nullable Instant newest() {
		return this.newest;
	}

	/**
	 * Return the time from which updates are wanted again.
	 * @param begin the time from which they were wanted at first
	 * @return the time of the newest update less the overlap, or the beginning if that is
	 * later
	 */
	public Instant notBefore(Instant begin) {
		return notBefore(begin, this.newest);
	}

	static Instant notBefore(Instant begin, @Nullable Instant newest) {
		if (newest == null || newest.compareTo(begin) <= 0) {
			return begin;
		}
		Instant resumed = newest.minus(OVERLAP);
		return resumed.isAfter(begin) ? resumed : begin;
	}

	/**
	 * Forget what was seen.
	 */
	public void forget() {
		this.newest = null;
		this.ahead = 0;
	}

}
