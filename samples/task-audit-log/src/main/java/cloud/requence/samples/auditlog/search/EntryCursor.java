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

package cloud.requence.samples.auditlog.search;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the order of entries: by the time at which they happened, and at the same
 * time by their sequence.
 *
 * @param happenedAt the time, in microseconds
 * @param sequence the sequence
 */
public record EntryCursor(Instant happenedAt, long sequence) {

	private static final Pattern TEXT = Pattern.compile("(-?\\d{1,18})_(\\d{1,18})");

	/**
	 * Read a cursor.
	 * @param text the text of a cursor
	 * @return the cursor
	 * @throws IllegalArgumentException if it is none; the message says so
	 */
	public static EntryCursor parse(String text) {
		Matcher matcher = TEXT.matcher(text);
		if (!matcher.matches()) {
			throw new IllegalArgumentException("is not a cursor of a page");
		}
		try {
			Instant time = Instant.EPOCH.plus(Long.parseLong(matcher.group(1)), ChronoUnit.MICROS);
			return new EntryCursor(time, Long.parseLong(matcher.group(2)));
		}
		catch (DateTimeException | ArithmeticException ex) {
			throw new IllegalArgumentException("is not a cursor of a page", ex);
		}
	}

	/**
	 * Return the text of the cursor, which needs no encoding in addresses.
	 */
	@Override
	public String toString() {
		return ChronoUnit.MICROS.between(Instant.EPOCH, this.happenedAt) + "_" + this.sequence;
	}

}
