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

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Utf8}.
 */
class Utf8Tests {

	@ParameterizedTest
	@ValueSource(strings = { "c080", "c1bf", "e08080", "e09fbf", "f0808080", "f08fbfbf", "eda080", "edbfbf", "f4908080",
			"f5808080", "ff", "fe", "80", "bf", "c3", "e282", "f09f98", "c328", "e28228", "f09f9828" })
	void refusesWhatIsNoCharacter(String hex) {
		assertThat(valid(HexFormat.of().parseHex(hex))).isFalse();
		assertThat(valid(HexFormat.of().parseHex("61".repeat(40) + hex + "61".repeat(40)))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a", "é", "€", "\ud7ff", "\ue000", "\uffff", "\ud83d\ude00", "\udbff\udfff" })
	void acceptsEveryCharacter(String text) {
		assertThat(valid(text.getBytes(StandardCharsets.UTF_8))).isTrue();
		assertThat(valid(("a".repeat(35) + text).repeat(3).getBytes(StandardCharsets.UTF_8))).isTrue();
	}

	@Property(tries = 5000)
	void judgesAsTheLibraryDoes(@ForAll("almostUtf8") byte[] bytes) {
		assertThat(valid(bytes)).isEqualTo(decodable(bytes));
	}

	@Provide
	Arbitrary<byte[]> almostUtf8() {
		return Arbitraries
			.of("61", "6161616161616161", "c3a9", "e282ac", "f09f9880", "c3", "80", "bf", "e2", "82", "ed", "a0", "f4",
					"90", "e0", "f0", "c0")
			.list()
			.ofMaxSize(30)
			.map((parts) -> HexFormat.of().parseHex(String.join("", parts)));
	}

	private static boolean valid(byte[] bytes) {
		byte[] surrounded = new byte[bytes.length + 2];
		Arrays.fill(surrounded, (byte) 0xff);
		System.arraycopy(bytes, 0, surrounded, 1, bytes.length);
		return Utf8.isValid(surrounded, 1, bytes.length + 1);
	}

	private static boolean decodable(byte[] bytes) {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return true;
		}
		catch (CharacterCodingException ex) {
			return false;
		}
	}

}
