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

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import cloud.requence.samples.auditlog.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TextQuery} and the function {@code search_document}.
 */
class SearchDocumentTests {

	private static final JdbcTemplate jdbc = new JdbcTemplate(TestDatabase.owner(TestDatabase.create()));

	private static final String BODY = """
			{"input": {"invoice": "INV-2026-0042", "id": "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "price": 12.50,
			"note": "Paid by Müller & Söhne\\nwith REF:77/9 (see https://files.example/a/b?c=d). Mail: anna@example.com",
			"booking": "B/42/7", "path": "C:\\\\temp\\\\x", "flag": true, "quoted": "it's \\"so\\""}}""";

	private static boolean matches(String body, String query) {
		TextQuery text = TextQuery.parse(query);
		return Boolean.TRUE
			.equals(jdbc.queryForObject("select search_document(cast(? as jsonb)) @@ (" + text.expression() + ")",
					Boolean.class, Stream.concat(Stream.of(body), text.arguments().stream()).toArray()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "INV-2026-0042", "inv-2026-0042", "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "12.50",
			"Müller", "söhne", "REF:77/9", "77/9", "https://files.example/a/b?c=d", "files.example", "anna@example.com",
			"B/42/7", "C:\\temp\\x", "it's", "so", "paid müller", "\"paid by\"", "nothing or paid", "paid -unpaid",
			"with", "INV-2026" })
	void finds(String query) {
		assertThat(matches(BODY, query)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "INV-2026-004", "NV-2026-0042", "3f2504e0-4f89-11d3-9a0c-0305e82c3302", "input", "invoice",
			"true", "\"by paid\"", "paid -müller", "paid unpaid", "nwith", "42/7/B" })
	void doesNotFind(String query) {
		assertThat(matches(BODY, query)).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "'',has no word to look for", "-paid,has no word to look for",
			"paid or -unpaid,has no word to look for", "'& | !',has no word to look for" })
	void refuses(String query, String problem) {
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> TextQuery.parse(query))
			.withMessage(problem);
	}

	@Test
	void refusesWhatIsTooLong() {
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> TextQuery.parse("x".repeat(201)));
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> TextQuery.parse("x ".repeat(21)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "x' or 1=1 --", "a'b\\", "\"", "a & b", "x:*", "<->", "!a", "(a" })
	void takesAllSignsAsText(String query) {
		if (query.matches(".*\\w.*")) {
			assertThat(matches("\"nothing\"", query)).isFalse();
		}
		else {
			assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> TextQuery.parse(query));
		}
	}

	// A text that cannot be searched as a whole must not keep an update from being
	// recorded
	@ParameterizedTest
	@ValueSource(strings = { "x", "x ", "ab-1 ", "\uD801\uDC00-", "\uD801\uDC00 ", "ß/", "\\", "\u0001", "\"" })
	void takesLongTexts(String part) {
		String text = part.repeat(200_000 / part.length());
		assertThat(jdbc.queryForObject("select search_document(to_jsonb(?::text)) is not null", Boolean.class, text))
			.isTrue();
	}

	@Test
	void takesManyDifferentWords() {
		String text = IntStream.range(0, 100_000)
			.mapToObj((number) -> new String(Character.toChars(0x10400 + number % 80)) + "-" + number)
			.collect(Collectors.joining(" "));
		String body = new JsonMapper().writeValueAsString(text);
		assertThat(matches(body, "\uD801\uDC00-80")).isTrue();
	}

}
