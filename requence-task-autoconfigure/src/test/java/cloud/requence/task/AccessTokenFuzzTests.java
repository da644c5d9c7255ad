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
package cloud.requence.task;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import cloud.requence.task.Mutations.Input;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fuzzes {@link AccessToken}.
 */
class AccessTokenFuzzTests {

	private static final String SECRET = "bearer-123";

	@Property
	void aTokenIsReadOrRefusedWithoutShowingIt(@ForAll("tokens") Input input) {
		String token = input.text();
		try {
			AccessToken parsed = AccessToken.parse(token);
			assertThat(parsed.secret()).isNotBlank();
			assertThat(parsed.baseUrl().getScheme()).isIn("http", "https");
			assertThat(parsed.baseUrl().getHost()).isNotBlank();
			assertThat(parsed).hasToString("AccessToken[secret=******, baseUrl=" + parsed.baseUrl() + "]");
			assertThat(AccessToken.parse(parsed.encoded())).isEqualTo(parsed);
		}
		catch (InvalidAccessTokenException ex) {
			assertThat(ex).message().doesNotContain(SECRET);
			if (token.length() > 8) {
				assertThat(ex).message().doesNotContain(token);
			}
		}
	}

	@Property
	void aDecodedTokenIsReadOrRefused(@ForAll("plainTokens") Input input) {
		aTokenIsReadOrRefusedWithoutShowingIt(
				new Input(AccessTokenEncoding.encode(input.text()).getBytes(StandardCharsets.US_ASCII)));
	}

	@Provide
	Arbitrary<Input> tokens() {
		return Mutations.of(List.of(bytes(AccessToken.of(SECRET, URI.create("http://127.0.0.1:942/api")).encoded()),
				bytes(AccessToken.of(SECRET, URI.create("https://api.example/")).encoded())), 2);
	}

	@Provide
	Arbitrary<Input> plainTokens() {
		return Mutations.of(List.of(bytes("api\uf6ee" + SECRET + "\uf6eehttp://127.0.0.1:942/api"),
				bytes("api\uf6ee" + SECRET + "\uf6eehttps://[::1]/api?a=b\uf6eefourth"),
				bytes("service\uf6ee" + SECRET + "\uf6eeamqp://example\uf6eehttps://example")), 1);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
