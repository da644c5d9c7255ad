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

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Points in time as they appear on the wire.
 */
final class Timestamps {

	private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX")
		.withZone(ZoneOffset.UTC);

	private Timestamps() {
	}

	static Instant now() {
		return Instant.now().truncatedTo(ChronoUnit.MILLIS);
	}

	static String format(Instant time) {
		return MILLIS.format(time);
	}

	/**
	 * Read a timestamp: ISO-8601, taken as UTC without a zone, or milliseconds.
	 * @param value the value
	 * @return the time, or {@code null} if the value is none
	 */
	static @Nullable Instant parse(@Nullable JsonNode value) {
		if (value == null || !value.isValueNode()) {
			return null;
		}
		if (value.isIntegralNumber()) {
			return Instant.ofEpochMilli(value.longValue());
		}
		try {
			TemporalAccessor time = DateTimeFormatter.ISO_DATE_TIME.parseBest(value.asString(), OffsetDateTime::from,
					LocalDateTime::from);
			return (time instanceof OffsetDateTime zoned) ? zoned.toInstant()
					: LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

}
