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

package cloud.requence.task.support;

import java.time.Duration;

/**
 * Durations in nanoseconds, for deadlines by {@link System#nanoTime()}.
 */
public final class Nanos {

	/**
	 * The longest duration, 73 years. Deadlines that lie within it can be compared by
	 * their difference.
	 */
	public static final long LONGEST = Long.MAX_VALUE / 4;

	private static final Duration LONGEST_DURATION = Duration.ofNanos(LONGEST);

	private Nanos() {
	}

	/**
	 * Convert a duration.
	 * @param duration the duration, of any length
	 * @return the nanoseconds, between zero and {@link #LONGEST}
	 */
	public static long of(Duration duration) {
		if (duration.isNegative()) {
			return 0;
		}
		return (duration.compareTo(LONGEST_DURATION) < 0) ? duration.toNanos() : LONGEST;
	}

}
