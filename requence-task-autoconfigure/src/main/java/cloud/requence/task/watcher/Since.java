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

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.Assert;

/**
 * Where to begin when no position is known. A relative time is taken when it is first
 * asked for, and stays what it was then: until there is a position, every attempt has to
 * ask for the same updates.
 */
final class Since implements Supplier<Instant> {

	private static final String NOW = "now";

	private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+");

	private final Clock clock;

	private final Duration back;

	private @Nullable Instant instant;

	private Since(Clock clock, Duration back, @Nullable Instant instant) {
		this.clock = clock;
		this.back = back;
		this.instant = instant;
	}

	static Since parse(String value, Clock clock) {
		String text = value.trim();
		if (text.equalsIgnoreCase(NOW)) {
			return new Since(clock, Duration.ZERO, null);
		}
		Instant instant = toInstant(text);
		return (instant != null) ? new Since(clock, Duration.ZERO, instant) : new Since(clock, toDuration(text), null);
	}

	@Override
	public synchronized Instant get() {
		Instant begin = this.instant;
		if (begin == null) {
			begin = this.clock.instant().minus(this.back);
			this.instant = begin;
		}
		return begin;
	}

	private static @Nullable Instant toInstant(String text) {
		try {
			return OffsetDateTime.parse(text).toInstant();
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private static Duration toDuration(String text) {
		try {
			// A number may be meant in seconds or milliseconds, or be a point in time
			Assert.isTrue(!NUMBER.matcher(text).matches(), "no unit");
			Duration back = DurationFormatterUtils.detectAndParse(text);
			Assert.isTrue(!back.isNegative(), "negative");
			return back;
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException("'since' must be 'now', an ISO-8601 instant such as "
					+ "2026-11-23T10:00:00Z, or a duration before now such as 2h", ex);
		}
	}

}
