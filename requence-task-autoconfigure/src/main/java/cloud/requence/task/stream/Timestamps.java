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

package cloud.requence.task.stream;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;

import org.jspecify.annotations.Nullable;

/**
 * Reads the timestamps of updates. The form that the platform writes is read by hand,
 * which costs a tenth of what the general parser does.
 */
final class Timestamps {

	private static final int MAX_LENGTH = 64;

	private static final int FRACTION = "2026-11-23T10:00:00.".length();

	private static final int MAX_FRACTION_DIGITS = 9;

	private static final int MAX_MILLIS_DIGITS = 18;

	// Years of four digits: differences fit into milliseconds, and the platform can read
	// what it is asked for
	private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");

	private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

	private Timestamps() {
	}

	/**
	 * Read a timestamp.
	 * @param text an ISO-8601 date and time, in UTC if it has no zone, or milliseconds
	 * since 1970
	 * @return the instant, or {@code null} if the text is neither, or not of the years 0
	 * to 9999
	 */
	static @Nullable Instant parse(String text) {
		if (text.isEmpty() || text.length() > MAX_LENGTH) {
			return null;
		}
		try {
			Instant instant = parseUtc(text);
			if (instant == null) {
				instant = parseMillis(text);
			}
			instant = (instant != null) ? instant : parseAny(text);
			return (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) ? null : instant;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private static @Nullable Instant parseUtc(String text) {
		int length = text.length();
		if (length < FRACTION - 1 || text.charAt(4) != '-' || text.charAt(7) != '-'
				|| (text.charAt(10) != 'T' && text.charAt(10) != ' ') || text.charAt(13) != ':'
				|| text.charAt(16) != ':') {
			return null;
		}
		int end = (text.charAt(length - 1) == 'Z') ? length - 1 : length;
		int year = number(text, 0, 4);
		int month = number(text, 5, 7);
		int day = number(text, 8, 10);
		int hour = number(text, 11, 13);
		int minute = number(text, 14, 16);
		int second = number(text, 17, 19);
		int nano = nano(text, end);
		if ((year | month | day | hour | minute | second | nano) < 0 || month < 1 || month > 12 || day < 1 || day > 31
				|| hour > 23 || minute > 59 || second > 59) {
			return null;
		}
		long seconds = LocalDate.of(year, month, day).toEpochDay() * 86_400 + hour * 3600 + minute * 60 + second;
		return Instant.ofEpochSecond(seconds, nano);
	}

	private static Instant parseAny(String text) {
		TemporalAccessor time = DateTimeFormatter.ISO_DATE_TIME.parseBest(text.replace(' ', 'T'), ZonedDateTime::from,
				LocalDateTime::from);
		return (time instanceof ZonedDateTime zoned) ? zoned.toInstant()
				: ((LocalDateTime) time).toInstant(ZoneOffset.UTC);
	}

	private static int nano(String text, int end) {
		if (end == FRACTION - 1) {
			return 0;
		}
		int digits = end - FRACTION;
		if (end < FRACTION || text.charAt(FRACTION - 1) != '.' || digits < 1 || digits > MAX_FRACTION_DIGITS) {
			return -1;
		}
		int nano = number(text, FRACTION, end);
		for (int i = digits; i < MAX_FRACTION_DIGITS && nano > 0; i++) {
			nano *= 10;
		}
		return nano;
	}

	private static int number(String text, int start, int end) {
		int number = 0;
		for (int i = start; i < end; i++) {
			int digit = text.charAt(i) - '0';
			if (digit < 0 || digit > 9) {
				return -1;
			}
			number = number * 10 + digit;
		}
		return number;
	}

	private static @Nullable Instant parseMillis(String text) {
		if (text.length() > MAX_MILLIS_DIGITS) {
			return null;
		}
		long millis = 0;
		for (int i = 0; i < text.length(); i++) {
			int digit = text.charAt(i) - '0';
			if (digit < 0 || digit > 9) {
				return null;
			}
			millis = millis * 10 + digit;
		}
		return Instant.ofEpochMilli(millis);
	}

}
