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

package cloud.requence.samples.relay.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Writes values as the page shows them. What is not known is "unknown", never 0.
 */
public final class Display {

	private static final DateTimeFormatter SECONDS = DateTimeFormatter
		.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
		.withZone(ZoneOffset.UTC);

	private static final String UNKNOWN = "unknown";

	private final Instant now;

	Display(Instant now) {
		this.now = now;
	}

	/**
	 * Return a time.
	 * @param time the time
	 * @return the time in UTC
	 */
	public String time(Instant time) {
		return SECONDS.format(time);
	}

	/**
	 * Return how long ago a time was.
	 * @param time the time
	 * @return such as "2 s ago"
	 */
	public String ago(Instant time) {
		return duration(Duration.between(time, this.now)) + " ago";
	}

	/**
	 * Return a duration.
	 * @param duration the duration
	 * @return such as "2 s"
	 */
	public String duration(Duration duration) {
		if (duration.toSeconds() < 120) {
			return Math.max(0, duration.toSeconds()) + " s";
		}
		if (duration.toMinutes() < 120) {
			return duration.toMinutes() + " min";
		}
		return (duration.toHours() < 48) ? duration.toHours() + " h" : duration.toDays() + " days";
	}

	/**
	 * Return a number with its thousands apart.
	 * @param number the number; {@code null} if it is not known
	 * @return such as 1,234,567
	 */
	public String number(@Nullable Number number) {
		return (number != null) ? String.format(Locale.ROOT, "%,d", number.longValue()) : UNKNOWN;
	}

	/**
	 * Return a rate.
	 * @param rate the rate per second; {@code null} if it is not known
	 * @return such as 12.5
	 */
	public String rate(@Nullable Double rate) {
		if (rate == null) {
			return UNKNOWN;
		}
		return String.format(Locale.ROOT, (rate < 100) ? "%,.1f" : "%,.0f", rate);
	}

	/**
	 * Return a text that others have chosen, such as the name of a client.
	 * @param text the text
	 * @return the text, shortened, without characters that change the text beside it
	 */
	public String text(String text) {
		String shown = (text.length() > 120) ? text.substring(0, 119) + "…" : text;
		return shown.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "\uFFFD");
	}

}
