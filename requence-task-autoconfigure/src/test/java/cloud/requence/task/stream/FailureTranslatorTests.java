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

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;

import cloud.requence.task.AccessToken;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureTranslator}.
 */
class FailureTranslatorTests {

	private static final String SECRET = "bearer-0123456789";

	private final FailureTranslator translator = new FailureTranslator(
			AccessToken.of(SECRET, URI.create("https://a.example")), Clock.systemUTC());

	private static DataBuffer utf8(String text) {
		return DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	private String reason(Flux<DataBuffer> body) {
		StringBuilder reason = new StringBuilder();
		StepVerifier
			.withVirtualTime(() -> this.translator
				.rejected(ClientResponse.create(HttpStatus.INTERNAL_SERVER_ERROR).body(body).build()))
			.thenAwait(Duration.ofMinutes(1))
			.consumeNextWith((failure) -> reason.append(failure.reason()))
			.expectComplete()
			.verify(Duration.ofSeconds(10));
		return reason.toString();
	}

	@Test
	void givesTheBodyAsReason() {
		assertThat(reason(Flux.just(utf8("out of "), utf8("order")))).isEqualTo("out of order");
		assertThat(reason(Flux.empty())).isEmpty();
	}

	@Test
	void givesWhatHasComeOfABodyThatIsSlow() {
		assertThat(reason(Flux.concat(Mono.just(utf8("out of order")), Mono.never()))).isEqualTo("out of order");
		assertThat(reason(Flux.defer(() -> Flux.interval(Duration.ofMillis(750)).map((i) -> utf8("a" + i)))))
			.isEqualTo("a0a1");
		assertThat(reason(Flux.never())).isEmpty();
	}

	@Test
	void givesWhatHasComeOfABodyThatBreaks() {
		assertThat(reason(Flux.concat(Mono.just(utf8("out of order")), Mono.error(new IOException("reset")))))
			.isEqualTo("out of order");
	}

	@ParameterizedTest
	@ValueSource(ints = { 4096 - 17, 4096 - 16, 4096 - 9, 4096 - 1, 4096 })
	void masksTheSecretWhereTheBodyIsCut(int before) {
		Flux<DataBuffer> body = Flux.just(utf8("x" + " ".repeat(before - 1) + SECRET + " and more".repeat(1000)));
		assertThat(reason(body)).startsWith("x").doesNotContain("b").hasSizeLessThan(10);
	}

	@Test
	void masksTheSecretWhereTheReasonIsCut() {
		assertThat(reason(Flux.just(utf8("x".repeat(495) + SECRET)))).isEqualTo("x".repeat(495) + "*****");
	}

	@Test
	void masksTheStartOfTheSecretInABodyThatIsSlow() {
		Flux<DataBuffer> body = Flux.concat(Mono.just(utf8("token " + SECRET.substring(0, 9))), Mono.never());
		assertThat(reason(body)).isEqualTo("token ******");
	}

	@Test
	void leavesACompleteBodyAsItIs() {
		assertThat(reason(Flux.just(utf8("a bulb")))).isEqualTo("a bulb");
	}

}
