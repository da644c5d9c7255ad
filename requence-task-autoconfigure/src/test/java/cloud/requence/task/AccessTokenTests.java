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

import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link AccessToken}.
 */
class AccessTokenTests {

	private static final String EXAMPLE = "AGEAcABp9u4AYgBlAGEAcgBlAHIALQAxADIAM-buAGgAdAB0AHAAOgAvAC8AMQAyADcALgAw"
			+ "AC4AMAAuADEAOgA5ADQAMgAvAGEAcABp0";

	@Nested
	class WellFormed {

		@Test
		void givesSecretAndBaseUrl() {
			AccessToken token = AccessToken.parse(EXAMPLE);
			assertThat(token.secret()).isEqualTo("bearer-123");
			assertThat(token.baseUrl()).isEqualTo(URI.create("http://127.0.0.1:942/api"));
		}

		@ParameterizedTest
		@ValueSource(strings = { "a", "ab", "abc", "abcd", "x~!$%&/()=?" })
		void isReadWhateverWasAddedToFillTheLastGroup(String secret) {
			assertThat(AccessToken.parse(TestAccessTokens.api(secret, "https://a.example")).secret()).isEqualTo(secret);
		}

		@Test
		void isReadWithFurtherParts() {
			assertThat(AccessToken.parse(TestAccessTokens.of("api", "my-secret", "https://a.example", "x", "")))
				.isEqualTo(AccessToken.of("my-secret", URI.create("https://a.example")));
		}

		@Test
		void isReadWithWhiteSpaceAroundIt() {
			assertThat(AccessToken.parse(" " + EXAMPLE + "\n")).isEqualTo(AccessToken.parse(EXAMPLE));
		}

		@ParameterizedTest
		@CsvSource({ "https://a.example/, https://a.example", "https://a.example//, https://a.example",
				"HTTPS://a.example/api/v1/, https://a.example/api/v1", "http://[::1]:8080/, http://[::1]:8080" })
		void hasABaseUrlWithoutTrailingSlash(String baseUrl, URI expected) {
			assertThat(AccessToken.parse(TestAccessTokens.api("s", baseUrl)).baseUrl()).isEqualTo(expected);
		}

		@Test
		void isEqualToOneOfTheSameSecretAndBaseUrl() {
			AccessToken token = AccessToken.parse(EXAMPLE);
			assertThat(token).isEqualTo(AccessToken.parse(EXAMPLE)).hasSameHashCodeAs(AccessToken.parse(EXAMPLE));
			assertThat(token).isNotEqualTo(AccessToken.parse(TestAccessTokens.api("other", "http://127.0.0.1:942/api")))
				.isNotEqualTo(token.withBaseUrl(URI.create("http://127.0.0.1:943/api")))
				.isNotEqualTo("token");
		}

		@Test
		void neverShowsItsSecret() {
			assertThat(AccessToken.parse(EXAMPLE))
				.hasToString("AccessToken[secret=******, baseUrl=http://127.0.0.1:942/api]");
		}

	}

	@Nested
	class MadeByHand {

		private final URI baseUrl = URI.create("https://a.example/api/");

		@ParameterizedTest
		@ValueSource(strings = { "a", "ab", "abc", "abcd", "x~!$%&/()=?" })
		void isEncodedAsThePlatformDoesIt(String secret) {
			AccessToken token = AccessToken.of(secret, this.baseUrl);
			assertThat(token.encoded()).isEqualTo(TestAccessTokens.api(secret, "https://a.example/api"));
			assertThat(AccessToken.parse(token.encoded())).isEqualTo(token);
		}

		@Test
		void needsASecretThatCanBeSentAndABaseUrl() {
			assertThatExceptionOfType(InvalidAccessTokenException.class)
				.isThrownBy(() -> AccessToken.of(" ", this.baseUrl));
			assertThatIllegalArgumentException().isThrownBy(() -> AccessToken.of("a", URI.create("ftp://b.example")));
		}

	}

	@Nested
	class ForAnotherBaseUrl {

		private final AccessToken token = AccessToken.parse(EXAMPLE);

		@Test
		void keepsTheSecret() {
			AccessToken other = this.token.withBaseUrl(URI.create("https://b.example/tasks/"));
			assertThat(other.secret()).isEqualTo("bearer-123");
			assertThat(other.baseUrl()).isEqualTo(URI.create("https://b.example/tasks"));
		}

		@ParameterizedTest
		@CsvSource({ "ftp://b.example, absolute http or https URL", "/tasks, absolute http or https URL",
				"http:tasks, host", "http:///tasks, host", "http://b.example:0, port", "http://b.example:65536, port",
				"http://user:pass@b.example, user information", "http://b.example?a=b, query",
				"http://b.example#a, fragment" })
		void refusesWhatIsNoBaseUrl(URI baseUrl, String reason) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.token.withBaseUrl(baseUrl))
				.withMessageStartingWith("'baseUrl' must")
				.withMessageContaining(reason);
		}

	}

	@Nested
	class NotUsable {

		@ParameterizedTest
		@NullSource
		@ValueSource(strings = { "", " ", "\t\n" })
		void whenItIsMissing(String token) {
			assertThatExceptionOfType(InvalidAccessTokenException.class).isThrownBy(() -> AccessToken.parse(token))
				.withMessage("The access token is missing");
		}

		@Test
		void whenItIsForRunningAService() {
			assertRefused(TestAccessTokens.of("service", "my-secret", "amqp://a.example", "https://a.example"))
				.withMessageContaining("'service'")
				.withMessageContaining("'api'");
		}

		@Test
		void whenItIsOfAnUnknownKind() {
			assertRefused(TestAccessTokens.of("other", "my-secret", "https://a.example"))
				.withMessage("The access token is not one of kind 'api'");
		}

		@Test
		void whenItHasTooFewParts() {
			assertRefused(TestAccessTokens.of("api", "my-secret")).withMessageContaining("2 parts");
		}

		@Test
		void whenItIsCutOff() {
			for (int length = 1; length < EXAMPLE.length(); length++) {
				assertRefused(EXAMPLE.substring(0, length));
			}
		}

		@ParameterizedTest
		@ValueSource(
				strings = { "my-secret", "Bearer my-secret", "0", "2", "4", "AAA0", "A$A2", "AGF2", "ä", "AG\uD8002" })
		void whenItIsSomethingElse(String token) {
			assertRefused(token);
		}

		@ParameterizedTest
		@ValueSource(strings = { "", " ", "my secret", "my-secret\r\nX-Injected: 1", "my-secret\u00e4" })
		void whenItsSecretCannotBeSent(String secret) {
			assertRefused(TestAccessTokens.api(secret, "https://a.example")).withMessageContaining("secret");
		}

		@ParameterizedTest
		@ValueSource(strings = { "", "my-secret", "//a.example", "ftp://a.example", "https://", "https:///api",
				"https://me:my-secret@a.example", "https://a.example?key=my-secret", "https://a.example#my-secret",
				"https://a.example/my secret", "https://a.example:99999", "http:my-secret" })
		void whenItsBaseUrlIsNone(String baseUrl) {
			assertRefused(TestAccessTokens.api("my-secret", baseUrl))
				.withMessageStartingWith("The access token is malformed: its base URL is not valid");
		}

		private static ThrowableAssertAlternative<InvalidAccessTokenException> assertRefused(String token) {
			return assertThatExceptionOfType(InvalidAccessTokenException.class)
				.isThrownBy(() -> AccessToken.parse(token))
				.withNoCause()
				.withMessageNotContaining("my-secret")
				.satisfies((ex) -> assertThat(ex.getMessage().replace("access token", "")).doesNotContain(token));
		}

	}

}
