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

import java.time.Instant;
import java.time.ZoneId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Display}.
 */
class DisplayTests {

	private static final Instant WINTER = Instant.parse("2026-11-28T12:00:00Z");

	@ParameterizedTest
	@CsvSource({ "2026-03-29T00:59:59Z, 2026-03-29 01:59:59", "2026-03-29T01:00:00Z, 2026-03-29 03:00:00",
			"2026-10-24T23:59:59Z, 2026-10-25 01:59:59", "2026-10-25T00:30:00Z, 2026-10-25 02:30:00 +02:00",
			"2026-10-25T01:30:00Z, 2026-10-25 02:30:00 +01:00", "2026-10-25T02:00:00Z, 2026-10-25 03:00:00" })
	void tellsTheTwoHoursApartThatAreOneOnTheClock(Instant time, String shown) {
		Display display = new Display(ZoneId.of("Europe/Berlin"), WINTER);
		assertThat(display.seconds(time)).isEqualTo(shown);
		assertThat(display.time(time)).isEqualTo(shown.replaceFirst("(:\\d\\d:\\d\\d)", "$1.000"));
	}

	@Test
	void saysThatTheOffsetOfAZoneIsThePresentOne() {
		assertThat(new Display(ZoneId.of("Europe/Berlin"), WINTER).zoneName())
			.isEqualTo("Europe/Berlin (now UTC+01:00)");
		assertThat(new Display(ZoneId.of("+02:00"), WINTER).zoneName()).isEqualTo("UTC+02:00");
		assertThat(new Display(ZoneId.of("Etc/UTC"), WINTER).zoneName()).isEqualTo("UTC");
	}

}
