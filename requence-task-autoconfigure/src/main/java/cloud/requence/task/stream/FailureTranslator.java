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

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

import javax.net.ssl.SSLHandshakeException;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ClientResponse;

import cloud.requence.task.AccessToken;
import cloud.requence.task.stream.ConnectionFailure.Kind;
import cloud.requence.task.support.Causes;

/**
 * Translates errors and unexpected responses.
 */
public final class FailureTranslator {

	private static final int MAX_REASON = 500;

	private static final int MAX_BODY = 4096;

	/** The data of an event, or an update without its event. */
	private static final Pattern UPDATES = Pattern.compile("^\\uFEFF?data:|\"task(Id|_id)\"", Pattern.MULTILINE);

	private static final String MASK = "******";

	private static final Duration BODY_TIMEOUT = Duration.ofSeconds(2);

	private final AccessToken accessToken;

	private final Clock clock;

	/**
	 * Create a translator.
	 * @param accessToken the access token, which the answer may repeat
	 * @param clock the clock to which the date of a {@code Retry-After} is compared
	 */
	public FailureTranslator(AccessToken accessToken, Clock clock) {
		this.accessToken = accessToken;
		this.clock = clock;
	}

	/**
	 * Translate an answer that is an error, whose body is read as far as it tells
	 * something: it may be endless, or never come.
	 * @param response the answer
	 * @return the failure
	 */
	public Mono<ConnectionFailure> rejected(ClientResponse response) {
		return beginning(response).map((body) -> rejected(response, body));
	}

	private ConnectionFailure rejected(ClientResponse response, String body) {
		int status = response.statusCode().value();
		return new ConnectionFailure(kindOf(status), status, printable(body),
				retryAfter(response.headers().asHttpHeaders().getFirst(HttpHeaders.RETRY_AFTER)));
	}

	Mono<ConnectionFailure> notAStream(ClientResponse response, String obstacle) {
		return beginning(response).map((body) -> new ConnectionFailure(Kind.NOT_A_STREAM, response.statusCode().value(),
				printable("The response is not an event stream (" + obstacle + ")" + quoted(body)), null));
	}

	/**
	 * What passes by on its way may have changed the type of a stream: its updates are
	 * not for logs.
	 */
	private static String quoted(String body) {
		return UPDATES.matcher(body).find() ? " and contains updates, which are not shown" : ": " + body;
	}

	/**
	 * Translate an error.
	 * @param error the error
	 * @return the failure
	 */
	public ConnectionFailure translate(Throwable error) {
		for (Throwable cause : Causes.of(error).toList()) {
			if (cause instanceof StreamFailedException failed) {
				return failed.failure();
			}
			if (cause instanceof TimeoutException) {
				return new ConnectionFailure(Kind.SILENT, "No answer in time");
			}
			if (cause instanceof SSLHandshakeException) {
				return new ConnectionFailure(Kind.UNREACHABLE, describe(rootOf(cause))
						+ ". 'requence.task.ssl.bundle' names the trusted certificates and the certificate to present");
			}
			if (cause instanceof ConnectException || cause instanceof UnknownHostException
					|| cause instanceof UnresolvedAddressException || cause instanceof NoRouteToHostException
					|| cause instanceof HttpConnectTimeoutException) {
				return new ConnectionFailure(Kind.UNREACHABLE, describe(cause));
			}
		}
		return new ConnectionFailure(Kind.BROKEN, describe(rootOf(error)));
	}

	/**
	 * Read the beginning of a body, without the secret. What was received counts, also if
	 * the rest is too long, too slow, or never comes.
	 */
	private Mono<String> beginning(ClientResponse response) {
		AtomicBoolean complete = new AtomicBoolean();
		Flux<DataBuffer> body = response.body(BodyExtractors.toDataBuffers()).doOnComplete(() -> complete.set(true));
		return DataBufferUtils
			.join(DataBufferUtils.takeUntilByteCount(body, MAX_BODY).take(BODY_TIMEOUT).onErrorComplete())
			.map((buffer) -> {
				boolean cut = !complete.get() || buffer.readableByteCount() >= MAX_BODY;
				String text = withoutSecret(buffer.toString(StandardCharsets.UTF_8));
				DataBufferUtils.release(buffer);
				return cut ? withoutStartOfSecret(text) : text;
			})
			.defaultIfEmpty("");
	}

	private String withoutSecret(String text) {
		return text.replace(this.accessToken.secret(), MASK);
	}

	/**
	 * The secret may have been where the text was cut.
	 */
	private String withoutStartOfSecret(String text) {
		String secret = this.accessToken.secret();
		for (int length = Math.min(secret.length() - 1, text.length()); length > 0; length--) {
			if (text.regionMatches(text.length() - length, secret, 0, length)) {
				return text.substring(0, text.length() - length) + MASK;
			}
		}
		return text;
	}

	private static Kind kindOf(int status) {
		return switch (status) {
			case 401, 403 -> Kind.REFUSED;
			case 502, 503, 504 -> Kind.UNREACHABLE;
			default -> Kind.REJECTED;
		};
	}

	private @Nullable Duration retryAfter(@Nullable String header) {
		if (header == null) {
			return null;
		}
		String value = header.trim();
		try {
			if (value.chars().allMatch((character) -> character >= '0' && character <= '9')) {
				return Duration.ofSeconds(Integer.parseInt(value));
			}
			Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
			Duration wait = Duration.between(this.clock.instant(), date);
			return wait.isNegative() ? null : wait;
		}
		catch (NumberFormatException | DateTimeParseException ex) {
			return null;
		}
	}

	private String describe(Throwable error) {
		String message = error.getMessage();
		String name = error.getClass().getSimpleName();
		return printable((message != null && !message.isBlank()) ? name + ": " + message : name);
	}

	private static Throwable rootOf(Throwable error) {
		Throwable root = error;
		for (int i = 0; i < 20 && root.getCause() != null; i++) {
			root = root.getCause();
		}
		return root;
	}

	/**
	 * Make a text from outside fit for logs: an answer may repeat the request, so the
	 * secret is taken out of it as well.
	 */
	private String printable(String text) {
		String line = withoutSecret(text).replaceAll("[\\p{C}\\s]+", " ").strip();
		return (line.length() > MAX_REASON) ? line.substring(0, MAX_REASON) : line;
	}

}
