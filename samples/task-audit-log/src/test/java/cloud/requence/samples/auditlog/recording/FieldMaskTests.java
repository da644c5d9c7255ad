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
package cloud.requence.samples.auditlog.recording;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class FieldMaskTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			name           | {"input":{"name":"Erika","a":1}}          | {"input":{"name":"***","a":1}}
			NAME           | {"a":[{"Name":{"x":[1,2]}}, 3]}           | {"a":[{"Name":"***"}, 3]}
			/input/name    | {"input":{"name":1},"name":2}             | {"input":{"name":"***"},"name":2}
			/input/*/name  | {"input":[{"name":1},{"name":true}]}      | {"input":[{"name":"***"},{"name":"***"}]}
			/input/1       | {"input":[ 1 , 2.50e1 , 3 ]}              | {"input":[ 1 , "***" , 3 ]}
			/a~1b/c~0d     | {"a/b":{"c~d":null}}                      | {"a/b":{"c~d":"***"}}
			name           | {"n\\u0061me":"Erika"}                    | {"n\\u0061me":"***"}
			name           | {"name":"a","name":"b"}                   | {"name":"***","name":"***"}
			name           | {"ü":"ä€😀","name":"ö","z":"ß"}            | {"ü":"ä€😀","name":"***","z":"ß"}
			other          | {"input":{"name":"Erika"}}                | {"input":{"name":"Erika"}}
			Reason         | {"reason":"late"}                         | {"reason":"***"}
			/reason        | {"reason":"late"}                         | {"reason":"***"}
			/input/reason  | {"reason":"late"}                         | {"reason":"late"}
			""")
	void replacesValues(String field, String json, String expected) {
		assertThat(mask(field).apply(bytes(json))).asString(StandardCharsets.UTF_8).isEqualTo(expected);
	}

	@Test
	void keepsNumbersAndWhiteSpaceAsTheyCame() {
		String rest = ",\n \"n\" : 1.000e+0005 , \"d\":" + "[".repeat(5000) + "1".repeat(2000) + "]".repeat(5000) + "}";
		assertThat(mask("a").apply(bytes("{\"a\":{}" + rest))).asString(StandardCharsets.UTF_8)
			.isEqualTo("{\"a\":\"***\"" + rest);
	}

	private static FieldMask mask(String field) {
		return new FieldMask(List.of(field));
	}

	private static byte[] bytes(String json) {
		return json.getBytes(StandardCharsets.UTF_8);
	}

}
