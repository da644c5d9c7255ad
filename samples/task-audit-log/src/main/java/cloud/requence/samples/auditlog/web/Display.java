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

package cloud.requence.samples.auditlog.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

import cloud.requence.samples.auditlog.search.FoundEntry;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as pages show them.
 */
public final class Display {

	private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);

	private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

	private static final int SHORT_ID = 8;

	private final ZoneId zone;

	private final Instant now;

	Display(ZoneId zone, Instant now) {
		this.zone = zone;
		this.now = now;
	}

	/**
	 * Return the name of the time zone.
	 * @return the name, with the present offset unless it is UTC
	 */
	public String zoneName() {
		if (isUtc()) {
			return "UTC";
		}
		String offset = this.zone.getRules().getOffset(this.now).getId();
		return offset.equals(this.zone.getId()) ? "UTC" + offset
				: this.zone.getId() + " (now UTC" + (offset.equals("Z") ? "+00:00" : offset) + ")";
	}

	/**
	 * Return whether times are shown in UTC.
	 * @return whether it is UTC by any of its names
	 */
	public boolean isUtc() {
		return this.zone.normalized().equals(ZoneOffset.UTC);
	}

	/**
	 * Return a time in milliseconds.
	 * @param time the time
	 * @return the time in the zone of the page
	 */
	public String time(Instant time) {
		return unambiguous(MILLIS, time);
	}

	/**
	 * Return a time in seconds.
	 * @param time the time
	 * @return the time in the zone of the page
	 */
	public String seconds(Instant time) {
		return unambiguous(SECONDS, time);
	}

	// With its offset in an hour that happens twice
	private String unambiguous(DateTimeFormatter format, Instant time) {
		ZonedDateTime zoned = time.atZone(this.zone);
		boolean twice = this.zone.getRules().getValidOffsets(zoned.toLocalDateTime()).size() > 1;
		return format.format(zoned) + (twice ? " " + zoned.getOffset().getId() : "");
	}

	/**
	 * Return a time with the offset of its zone, in microseconds.
	 * @param time the time
	 * @return ISO-8601
	 */
	public String exact(Instant time) {
		return DateTimeFormatter.ISO_OFFSET_DATE_TIME
			.format(time.truncatedTo(ChronoUnit.MICROS).atZone(this.zone).toOffsetDateTime());
	}

	/**
	 * Return how long ago it was.
	 * @param time the time
	 * @return such as "2 s ago"
	 */
	public String ago(Instant time) {
		Duration age = Duration.between(time, this.now);
		if (age.toSeconds() < 120) {
			return Math.max(0, age.toSeconds()) + " s ago";
		}
		if (age.toMinutes() < 120) {
			return age.toMinutes() + " min ago";
		}
		return (age.toHours() < 48) ? age.toHours() + " h ago" : age.toDays() + " days ago";
	}

	/**
	 * Return the beginning of an id.
	 * @param id the id
	 * @return as much as a person compares
	 */
	public String shortId(String id) {
		return (id.length() > SHORT_ID + 4) ? id.substring(0, SHORT_ID) + "…" : id;
	}

	/**
	 * Return a number with its thousands apart.
	 * @param number the number
	 * @return such as 1,234,567
	 */
	public String number(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

	/**
	 * Return a size.
	 * @param bytes the number of bytes
	 * @return the size in a unit that suits it
	 */
	public String size(long bytes) {
		if (bytes < 1024) {
			return bytes + " B";
		}
		return (bytes < 1024 * 1024) ? String.format(Locale.ROOT, "%.1f KB", bytes / 1024.0)
				: String.format(Locale.ROOT, "%.1f MB", bytes / (1024.0 * 1024));
	}

	/**
	 * Return a hash.
	 * @param bytes the hash
	 * @return the hash in hexadecimal digits
	 */
	public String hex(byte @Nullable [] bytes) {
		return (bytes != null) ? HexFormat.of().formatHex(bytes) : "";
	}

	/**
	 * Return the name of a constant as a word in text.
	 * @param constant the constant
	 * @return its name in lower case, with blanks
	 */
	public String words(Object constant) {
		return constant.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
	}

	/**
	 * Return whether a word matches in an excerpt.
	 * @param excerpt the excerpt
	 * @return whether a part of it is marked
	 */
	public boolean hasMatch(String excerpt) {
		return excerpt.indexOf(FoundEntry.MATCH) >= 0;
	}

	/**
	 * Return the parts of an excerpt.
	 * @param excerpt the excerpt
	 * @return its text, cut where words match
	 */
	public List<Part> parts(String excerpt) {
		List<Part> parts = new ArrayList<>();
		boolean match = false;
		int start = 0;
		for (int i = 0; i <= excerpt.length(); i++) {
			char c = (i < excerpt.length()) ? excerpt.charAt(i) : FoundEntry.MATCH;
			if (c == FoundEntry.MATCH || c == FoundEntry.END_OF_MATCH) {
				if (i > start) {
					parts.add(new Part(excerpt.substring(start, i), match));
				}
				match = c == FoundEntry.MATCH;
				start = i + 1;
			}
		}
		return parts;
	}

	/**
	 * A part of an excerpt.
	 *
	 * @param text the text
	 * @param match whether it is a word that matches
	 */
	public record Part(String text, boolean match) {
	}

}
