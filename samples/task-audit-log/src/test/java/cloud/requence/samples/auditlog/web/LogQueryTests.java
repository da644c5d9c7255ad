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

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link LogQuery}.
 */
class LogQueryTests {

	private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

	private static LogQuery query(String... namesAndValues) {
		Map<String, String[]> parameters = new LinkedHashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			parameters.put(namesAndValues[i], new String[] { namesAndValues[i + 1] });
		}
		return LogQuery.of(parameters, BERLIN);
	}

	@ParameterizedTest
	@CsvSource({ "2026-05-01T10:00, 2026-05-01T08:00:00Z", "2026-05-01T10:00:01.5, 2026-05-01T08:00:01.5Z",
			"2026-05-01T10:00:00Z, 2026-05-01T10:00:00Z", "2026-05-01T10:00:00+05:30, 2026-05-01T04:30:00Z",
			// Twice that night, and not at all in spring
			"2026-10-25T02:30, 2026-10-25T00:30:00Z", "2026-03-29T02:30, 2026-03-29T01:30:00Z" })
	void readsTimesInTheZone(String text, Instant expected) {
		assertThat(query("from", text).filter().from()).isEqualTo(expected);
	}

	@Test
	void reachesToTheEndOfAnHourThatHappensTwice() {
		LogQuery query = query("from", "2026-10-25T02:00", "to", "2026-10-25T02:59");
		assertThat(query.filter().from()).isEqualTo("2026-10-25T00:00:00Z");
		assertThat(query.filter().to()).isEqualTo("2026-10-25T01:59:00Z");
	}

	@Test
	void keepsTheTimeWhenTheZoneChanges() {
		LogQuery query = query("from", "2026-05-01T10:00", "name", "Invoice");
		assertThat(query.inZone("/", "UTC")).isEqualTo("/?from=2026-05-01T08%3A00%3A00Z&name=Invoice&zone=UTC");
		LogQuery changed = query("from", "2026-05-01T08:00:00Z", "zone", "UTC");
		assertThat(changed.filter().from()).isEqualTo(query.filter().from());
		assertThat(changed.local("from", "")).isEqualTo("2026-05-01T08:00:00");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a b", "ä/ö", "a&name=b", "100%", "{x}", "a+b", "#", "\"", "<script>" })
	void writesAddressesThatMeanTheSame(String value) {
		String address = query("name", value).url("/", "before", "1_2");
		assertThat(address).startsWith("/?name=").endsWith("&before=1_2");
		String written = address.substring("/?name=".length(), address.length() - "&before=1_2".length());
		assertThat(URLDecoder.decode(written.replace("+", "%2B"), StandardCharsets.UTF_8)).isEqualTo(value);
	}

	@ParameterizedTest
	@CsvSource({ "a-1, /tasks/a-1", "3f2504e0-4f89, /tasks/3f2504e0-4f89", "../x, /tasks?id=..%2Fx",
			"a/b, /tasks?id=a%2Fb", "a;b, /tasks?id=a%3Bb", "100%, /tasks?id=100%25", "a?b, /tasks?id=a%3Fb",
			"a#b, /tasks?id=a%23b", "ä, /tasks?id=%C3%A4", "a+b, /tasks?id=a%2Bb", "{x}, /tasks?id=%7Bx%7D" })
	void leadsToTasksWithAnyId(String id, String address) {
		assertThat(query().task(id)).isEqualTo(address);
		String separator = address.contains("?") ? "&" : "?";
		LogQuery page = query("zone", "UTC", "after", "1_2");
		assertThat(page.task("/tasks", id, "after", "3_4")).isEqualTo(address + separator + "zone=UTC&after=3_4");
		assertThat(page.taskInZone(id, "Europe/Berlin"))
			.isEqualTo(address + separator + "zone=Europe%2FBerlin&after=1_2");
	}

	@ParameterizedTest
	@CsvSource({ "from, yesterday, is not a time", "to, 2026-13-01T00:00, is not a time",
			"from, +99999-01-01T00:00, is not in the years", "zone, Mars, is not a time zone",
			"kind, NOTHING, is not one of", "before, x, is not a cursor",
			"after, 999999999999999999_x, is not a cursor", "size, 0, is not between 1 and 500",
			"size, 501, is not between", "size, many, is not a number", "text, -x, has no word",
			"tasks, x, is not a parameter", "name, a\u0007b, has a control character" })
	void namesTheParameterThatIsWrong(String parameter, String value, String problem) {
		assertThatExceptionOfType(InvalidParameterException.class).isThrownBy(() -> query(parameter, value))
			.satisfies((ex) -> assertThat(ex.parameter()).isEqualTo(parameter))
			.satisfies((ex) -> assertThat(ex.getReason()).startsWith("'" + parameter + "' " + problem));
	}

	@Test
	void refusesWhatContradictsItself() {
		assertThatExceptionOfType(InvalidParameterException.class)
			.isThrownBy(() -> query("from", "2026-05-01T10:00", "to", "2026-05-01T10:00"));
		assertThatExceptionOfType(InvalidParameterException.class)
			.isThrownBy(() -> query("before", "1_2", "after", "1_2"));
		assertThatExceptionOfType(InvalidParameterException.class).isThrownBy(() -> query("name", "x".repeat(401)));
		assertThatExceptionOfType(InvalidParameterException.class)
			.isThrownBy(() -> LogQuery.of(Map.of("name", new String[] { "a", "b" }), BERLIN));
	}

	@Test
	void describesItselfForTheAccessLog() {
		assertThat(query("text", "two words", "name", "Invoice", "size", "5", "type", ""))
			.hasToString("name=Invoice text=\"two words\" size=5");
	}

}
