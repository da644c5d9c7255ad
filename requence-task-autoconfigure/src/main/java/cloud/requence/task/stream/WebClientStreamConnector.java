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
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Asks for a stream with {@code POST}, and hands its bytes on as they come.
 */
public final class WebClientStreamConnector implements StreamConnector {

	private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'")
		.withZone(ZoneOffset.UTC);

	/** The second is not registered, but sent. */
	private static final Set<String> NO_ENCODINGS = Set.of("identity", "none", "");

	private final WebClient client;

	private final Clock clock;

	/**
	 * Create a connector.
	 * @param client the client; it must neither follow redirects nor have a read timeout
	 * @param clock the clock to which the date of a {@code Retry-After} is compared
	 */
	public WebClientStreamConnector(WebClient client, Clock clock) {
		this.client = client;
		this.clock = clock;
	}

	@Override
	public StreamConnection connect(StreamRequest request, StreamListener listener) {
		FailureTranslator translator = new FailureTranslator(request.accessToken(), this.clock, request.address());
		StreamSubscriber subscriber = new StreamSubscriber(listener, translator);
		this.client.post().uri(request.address()).headers((headers) -> {
			headers.setBearerAuth(request.accessToken().secret());
			headers.set(HttpHeaders.ACCEPT, MediaType.TEXT_EVENT_STREAM_VALUE);
			headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
		})
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body(request))
			.exchangeToFlux((response) -> open(response, subscriber, translator))
			.subscribe(subscriber);
		return subscriber;
	}

	/**
	 * Have the connection of a request closed when the stream that it was opened for is
	 * closed. Does nothing for other requests. For HTTP clients that otherwise keep the
	 * connection of a response that crosses its cancellation.
	 * @param context the context of the request
	 * @param connection closes the connection
	 */
	public static void closeWithStream(ContextView context, Disposable connection) {
		StreamSubscriber.closeWithStream(context, connection);
	}

	private static byte[] body(StreamRequest request) {
		Instant since = request.since();
		String begin = "{\"since\":" + ((since != null) ? "\"" + TIMESTAMP.format(since) + "\"" : "null");
		Long lastPosition = request.lastPosition();
		String json = (lastPosition != null) ? begin + ",\"lastPosition\":" + lastPosition + "}" : begin + "}";
		return json.getBytes(StandardCharsets.UTF_8);
	}

	private static Flux<ReceivedBytes> open(ClientResponse response, StreamSubscriber subscriber,
			FailureTranslator translator) {
		if (!response.statusCode().is2xxSuccessful()) {
			return translator.rejected(response)
				.flatMapMany((failure) -> Flux.error(new StreamFailedException(failure)));
		}
		String obstacle = obstacle(response.headers().asHttpHeaders());
		if (obstacle != null) {
			return translator.notAStream(response, obstacle)
				.flatMapMany((failure) -> Flux.error(new StreamFailedException(failure)));
		}
		subscriber.opened();
		return response.body((body, context) -> (body instanceof JdkStreamResponse jdk) ? jdk.received()
				: body.getBody().map(ReceivedBytes::of));
	}

	/**
	 * Return what makes an answer no stream. One that says nothing about itself may be
	 * one, and what passes answers on may have joined their types.
	 */
	private static @Nullable String obstacle(HttpHeaders headers) {
		String contentType = headers.getFirst(HttpHeaders.CONTENT_TYPE);
		String essence = (contentType != null) ? contentType.split("[;,]", 2)[0].trim() : "";
		if (!essence.isEmpty() && !essence.equalsIgnoreCase(MediaType.TEXT_EVENT_STREAM_VALUE)) {
			return "content type '" + essence + "'";
		}
		for (String encodings : headers.getOrEmpty(HttpHeaders.CONTENT_ENCODING)) {
			for (String encoding : StringUtils.commaDelimitedListToSet(encodings)) {
				if (!NO_ENCODINGS.contains(encoding.trim().toLowerCase(Locale.ROOT))) {
					return "content encoding '" + encoding.trim() + "'";
				}
			}
		}
		return null;
	}

}
