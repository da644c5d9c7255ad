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

import java.time.Instant;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Timestamps}.
 */
class TimestampsTests {

	@ParameterizedTest
	@CsvSource({ "2026-11-23T10:00:00.123Z, 2026-11-23T10:00:00.123Z", "2026-11-23T10:00:00Z, 2026-11-23T10:00:00Z",
			"2026-11-23T10:00:00.123456789Z, 2026-11-23T10:00:00.123456789Z",
			"2026-11-23T10:00:00.1Z, 2026-11-23T10:00:00.100Z", "2024-02-29T23:59:59Z, 2024-02-29T23:59:59Z",
			"2026-11-23T11:00:00+01:00, 2026-11-23T10:00:00Z", "2026-11-23t10:00:00z, 2026-11-23T10:00:00Z",
			"2026-11-23T10:00:00, 2026-11-23T10:00:00Z", "2026-11-23T10:00:00.123456, 2026-11-23T10:00:00.123456Z",
			"2026-11-23 10:00:00, 2026-11-23T10:00:00Z", "2026-11-23 10:00:00.5Z, 2026-11-23T10:00:00.500Z",
			"2026-11-23T10:00, 2026-11-23T10:00:00Z", "2026-11-23 11:00:00+01:00, 2026-11-23T10:00:00Z",
			"1795428000123, 2026-11-23T10:00:00.123Z", "0, 1970-01-01T00:00:00Z" })
	void areReadInEveryUsualForm(String text, Instant expected) {
		assertThat(Timestamps.parse(text)).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "yesterday", "2026-11-23", "2026-11-23T", "2026-11-23T10", "2026-11-23x10:00:00",
			"2026-13-23T10:00:00Z", "2026-11-31T10:00:00Z", "2025-02-29T10:00:00Z", "2026-11-23T25:00:00Z",
			"2026-11-23T10:60:00Z", "2026-11-23T10:00:61Z", "2026-11-23T10:00:00.1234567890Z",
			"2026-11-23T10:00:00.12x456Z", "-26-11-23T10:00:00Z", "٢٠٢٦-11-23T10:00:00Z", "1e12", "-5", "+5",
			"99999999999999999999", "999999999999999999", "+10000-01-01T00:00:00Z", "+999999999-12-31T23:59:59Z",
			"-0001-12-31T23:59:59Z", "-999999999-01-01T00:00:00Z" })
	void areUnknownIfTheyAreGarbage(String text) {
		assertThat(Timestamps.parse(text)).isNull();
	}

	@Property
	void areReadAsTheLibraryWritesThem(@ForAll @LongRange(min = -62_135_596_800L, max = 253_402_300_799L) long second,
			@ForAll @IntRange(max = 999_999_999) int nano) {
		Instant instant = Instant.ofEpochSecond(second, nano);
		assertThat(Timestamps.parse(instant.toString())).isEqualTo(instant);
	}

}
