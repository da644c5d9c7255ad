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

package cloud.requence.samples.auditlog.evidence;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Payloads}.
 */
class PayloadsTests {

	@ParameterizedTest
	@ValueSource(strings = { "{\"n\":1e308,\"m\":-2.5E-308}", "[1e5000,1e-5000]", "1E+5000" })
	void searchesNumbersWithExponents(String json) {
		assertThat(searchable(json)).isEqualTo(json);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1e5001", "1e-5001", "1e999999999999", "{\"n\":1e1000000}" })
	void searchesNoNumbersThatPostgresqlWouldWriteWithTooManyDigits(String json) {
		assertThat(searchable(json)).isNull();
	}

	@Test
	void searchesNoNumbersThatHaveTooManyDigitsTogether() {
		String twenty = "[" + "1e5000,".repeat(19) + "1e5000]";
		assertThat(searchable(twenty)).isEqualTo(twenty);
		assertThat(searchable("[" + twenty + ",1e-1]")).isNull();
		assertThat(searchable("[" + "1e5000,".repeat(1_000_000) + "1]")).isNull();
	}

	private static @Nullable String searchable(String json) {
		return Payloads.searchable(json.getBytes(StandardCharsets.UTF_8));
	}

}
