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

package cloud.requence.samples.dashboard.text;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NamePattern}.
 */
class NamePatternTests {

	@ParameterizedTest
	@CsvSource({ "*, invoice, true", "inv*, invoice, true", "*voice, invoice, true", "i*o*e, invoice, true",
			"invoice, invoice, true", "invoice, invoices, false", "a*a, a, false", "*order*, invoice, false",
			"inv.*, invoice, false" })
	void matchesNames(String pattern, String name, boolean matches) {
		assertThat(NamePattern.matches(pattern, name)).isEqualTo(matches);
		assertThat(name.matches(NamePattern.regex(pattern))).isEqualTo(matches);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			nightly import                                     | nightly import
			Invoice 4711                                       | Invoice *
			Invoice R-2026/117 of ACME                         | Invoice R-* of ACME
			Import 2026-11-28 12:30:00                         | Import *
			Report 1.2.3, part 4 of 9                          | Report *, part * of *
			Job 7f9c2ba4e88f827d616045507605853ed73b8093       | Job *
			Job 6BA7B810-9DAD-11D1-80B4-00C04FD430C8 of import | Job * of import
			Job 5f3a9c                                         | Job *
			decade of facades                                  | decade of facades
			Überweisung 12                                     | Überweisung *
			42                                                 | *
			""")
	void isWhatNamesHaveInCommon(String name, String pattern) {
		assertThat(NamePattern.of(name)).isEqualTo(pattern);
		assertThat(NamePattern.matches(pattern, name)).isTrue();
		assertThat(NamePattern.of(pattern)).isEqualTo(pattern);
	}

	@Test
	void isNeverLongerThanTheNameAndFoundSoon() {
		for (String part : new String[] { "1", "a", "a1", "a-", "1-", "*", "* ", "f00dbabe-", "\uD83D\uDE00" }) {
			String name = part.repeat(100_000);
			assertThat(NamePattern.of(name).length()).isLessThanOrEqualTo(name.length());
		}
	}

}
