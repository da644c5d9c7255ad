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

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.task.AccessToken;
import cloud.requence.task.stream.ConnectionFailure.Kind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WebClientStreamConnector}.
 */
class WebClientStreamConnectorTests {

	private final Recorded recorded = new Recorded();

	private void connect(int status, @Nullable String type, @Nullable String encoding) {
		DataBuffer body = DefaultDataBufferFactory.sharedInstance.wrap("hello".getBytes(StandardCharsets.UTF_8));
		ClientResponse response = ClientResponse.create(HttpStatusCode.valueOf(status)).headers((headers) -> {
			if (type != null) {
				headers.set("Content-Type", type);
			}
			if (encoding != null) {
				headers.set("Content-Encoding", encoding);
			}
		}).body(Flux.just(body)).build();
		WebClient client = WebClient.builder().exchangeFunction((request) -> Mono.just(response)).build();
		AccessToken token = AccessToken.of("secret", URI.create("https://a.example"));
		new WebClientStreamConnector(client, Clock.systemUTC())
			.connect(StreamRequest.forAllTasks(token, Instant.EPOCH, null), this.recorded)
			.request(10);
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			200, text/event-stream, -
			200, Text/Event-Stream;charset=utf-8, -
			201, text/event-stream, -
			202, text/event-stream, -
			206, text/event-stream, -
			200, -, -
			200, '', ''
			200, text/event-stream, identity
			200, text/event-stream, none
			200, text/event-stream, 'None, identity'
			""")
	void takesAnySuccessThatMayBeAStream(int status, @Nullable String type, @Nullable String encoding) {
		connect(status, type, encoding);
		assertThat(this.recorded.events).containsExactly("open", "hello", "closed");
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			200, text/html, -, content type 'text/html'
			201, application/json, -, content type 'application/json'
			200, application/x-ndjson, -, content type 'application/x-ndjson'
			200, text/event-stream, gzip, content encoding 'gzip'
			200, -, 'identity, br', content encoding 'br'
			""")
	void refusesWhatIsSomethingElse(int status, @Nullable String type, @Nullable String encoding, String problem) {
		connect(status, type, encoding);
		assertThat(this.recorded.events).containsExactly(Kind.NOT_A_STREAM + " " + status + " "
				+ "The response is not an event stream (" + problem + "): hello");
	}

	private static final class Recorded implements StreamListener {

		private final List<String> events = new ArrayList<>();

		@Override
		public void onOpen() {
			this.events.add("open");
		}

		@Override
		public void onBytes(List<ByteBuffer> bytes) {
			bytes.forEach((buffer) -> this.events.add(StandardCharsets.UTF_8.decode(buffer).toString()));
		}

		@Override
		public void onClosed(@Nullable ConnectionFailure failure) {
			this.events
				.add((failure != null) ? failure.kind() + " " + failure.status() + " " + failure.reason() : "closed");
		}

	}

}
