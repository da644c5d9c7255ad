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

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RecurringTexts}.
 */
class RecurringTextsTests {

	private final RecurringTexts texts = new RecurringTexts();

	@Test
	void returnsOneStringForTheSameText() {
		assertThat(get("-order-", 1, 6)).isEqualTo("order").isSameAs(get("the order", 4, 9));
	}

	@Test
	void distinguishesMoreTextsThanItKeeps() {
		for (int round = 0; round < 2; round++) {
			for (int i = 0; i < 5_000; i++) {
				assertThat(get("step " + i)).isEqualTo("step " + i);
			}
		}
	}

	@Test
	void decodesUtf8EachTime() {
		assertThat(get("größe")).isEqualTo("größe");
		assertThat(get("größe")).isEqualTo("größe");
	}

	@Test
	void distinguishesTextsWithTheSameHash() {
		// 31 * first + second is the same
		assertThat(get("Aa")).isEqualTo("Aa");
		assertThat(get("BB")).isEqualTo("BB");
		assertThat(get("Aa")).isEqualTo("Aa");
	}

	@Test
	void keepsNoLongText() {
		String text = "x".repeat(65);
		assertThat(get(text)).isEqualTo(text).isNotSameAs(get(text));
	}

	private String get(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		return this.texts.get(bytes, 0, bytes.length);
	}

	private String get(String text, int start, int end) {
		return this.texts.get(text.getBytes(StandardCharsets.UTF_8), start, end);
	}

}
