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

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WebClients}.
 */
class WebClientsTests {

	private static @Nullable String userAgent(WebClient client) {
		AtomicReference<@Nullable String> sent = new AtomicReference<>();
		client.mutate().exchangeFunction((request) -> {
			sent.set(request.headers().getFirst(HttpHeaders.USER_AGENT));
			return Mono.just(ClientResponse.create(HttpStatus.OK).build());
		}).build().get().uri("https://a.example").retrieve().toBodilessEntity().block();
		return sent.get();
	}

	@Test
	void tellWhoAsks() {
		String standard = WebClients.userAgent(WebClients.class.getPackage().getImplementationVersion());
		assertThat(standard).startsWith("requence-task-spring-boot/");
		assertThat(userAgent(WebClients.withoutCredentials(null))).isEqualTo(standard);
		assertThat(userAgent(WebClients.forPlatform(WebClient.builder(), null))).isEqualTo(standard);
	}

	@Test
	void leaveTheUserAgentToTheApplication() {
		WebClient.Builder builder = WebClient.builder().defaultHeader(HttpHeaders.USER_AGENT, "mine/1");
		assertThat(userAgent(WebClients.forPlatform(builder, null))).isEqualTo("mine/1");
	}

	@Test
	void nameTheVersion() {
		assertThat(WebClients.userAgent("1.2.3")).isEqualTo("requence-task-spring-boot/1.2.3");
	}

}
