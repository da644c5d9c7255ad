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

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import cloud.requence.samples.auditlog.web.LineChanges.Change;
import cloud.requence.samples.auditlog.web.LineChanges.Line;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JsonLines} and {@link LineChanges}.
 */
class LinesTests {

	@Test
	void breaksJsonAndChangesNoValue() {
		assertThat(JsonLines.of("{\"a\":1.50,\"b\": [ ],\"c\":[true,{\"d\":\"x,{}\\\"\\\\\"}],\"e\":{}}"))
			.containsExactly("{", "  \"a\": 1.50,", "  \"b\": [],", "  \"c\": [", "    true,", "    {",
					"      \"d\": \"x,{}\\\"\\\\\"", "    }", "  ],", "  \"e\": {}", "}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "7", "\"text\"", "null", "[]", "{}", "\"unfinished", "]", "{\"a\":", "" })
	void takesAnyText(String text) {
		assertThat(String.join("", JsonLines.of(text)).replace(" ", "")).isEqualTo(text.replace(" ", ""));
	}

	@ParameterizedTest
	@CsvSource({ "abc, abc, ' a b c'", "abc, abxc, ' a b+x c'", "abxc, abc, ' a b-x c'", "abc, axc, ' a-b+x c'",
			"'', ab, '+a+b'", "ab, '', '-a-b'", "abcd, bcde, '-a b c d+e'" })
	void comparesLines(String before, String after, String expected) {
		assertThat(text(LineChanges.between(letters(before), letters(after)))).isEqualTo(expected);
	}

	@Test
	void doesNotCompareWhatIsTooLong() {
		List<String> before = IntStream.range(0, 3000).mapToObj((number) -> "a" + number).toList();
		List<String> after = IntStream.range(0, 3000).mapToObj((number) -> "b" + number).toList();
		assertThat(LineChanges.between(before, after)).hasSize(6000).noneMatch((line) -> line.change() == Change.NONE);
		assertThat(LineChanges.between(before, before)).hasSize(3000).allMatch((line) -> line.change() == Change.NONE);
	}

	private static List<String> letters(String text) {
		return text.chars().mapToObj(Character::toString).toList();
	}

	private static String text(List<Line> lines) {
		return lines.stream().map((line) -> line.sign().replace('−', '-') + line.text()).collect(Collectors.joining());
	}

}
