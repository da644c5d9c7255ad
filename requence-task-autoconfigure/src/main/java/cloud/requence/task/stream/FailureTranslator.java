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
import java.net.URI;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

import javax.net.ssl.SSLException;
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

	private final @Nullable String origin;

	/**
	 * Create a translator for requests whose address is not to be shown.
	 * @param accessToken the access token, which the answer may repeat
	 * @param clock the clock to which the date of a {@code Retry-After} is compared
	 */
	public FailureTranslator(AccessToken accessToken, Clock clock) {
		this(accessToken, clock, null);
	}

	/**
	 * Create a translator.
	 * @param accessToken the access token, which the answer may repeat
	 * @param clock the clock to which the date of a {@code Retry-After} is compared
	 * @param address the address of the requests, whose scheme, host and port are shown;
	 * {@code null} to show none
	 */
	public FailureTranslator(AccessToken accessToken, Clock clock, @Nullable URI address) {
		this.accessToken = accessToken;
		this.clock = clock;
		this.origin = (address != null) ? originOf(address) : null;
	}

	private static String originOf(URI address) {
		int port = (address.getPort() >= 0) ? address.getPort()
				: "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
		return address.getScheme() + "://" + address.getHost() + ":" + port;
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
		HttpHeaders headers = response.headers().asHttpHeaders();
		String reason = response.statusCode().is3xxRedirection() ? redirect(headers) + body : body;
		return new ConnectionFailure(kindOf(status), status, printable(reason),
				retryAfter(headers.getFirst(HttpHeaders.RETRY_AFTER)), this.origin);
	}

	/**
	 * Redirects are not followed. The path of a location may contain anything.
	 */
	private static String redirect(HttpHeaders headers) {
		try {
			URI location = headers.getLocation();
			return (location != null && location.getHost() != null) ? "redirect to " + originOf(location) + " " : "";
		}
		catch (IllegalArgumentException ex) {
			return "";
		}
	}

	Mono<ConnectionFailure> notAStream(ClientResponse response, String obstacle) {
		return beginning(response).map((body) -> new ConnectionFailure(Kind.NOT_A_STREAM, response.statusCode().value(),
				printable("The response is not an event stream (" + obstacle + ")" + quoted(body)), null, this.origin));
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
		List<Throwable> causes = Causes.of(error).toList();
		Optional<Throwable> unknownHost = causes.stream().filter(FailureTranslator::isUnknownHost).findFirst();
		if (unknownHost.isPresent()) {
			return failed(Kind.UNREACHABLE, "Unknown host: " + describe(unknownHost.get()));
		}
		for (Throwable cause : causes) {
			if (cause instanceof StreamFailedException failed) {
				return failed.failure();
			}
			if (cause instanceof TimeoutException) {
				return failed(Kind.SILENT, "No answer in time");
			}
			if (isPlain(cause)) {
				return failed(Kind.UNREACHABLE, "The port does not use TLS: " + cause.getClass().getSimpleName());
			}
			if (cause instanceof SSLHandshakeException) {
				return new ConnectionFailure(Kind.UNREACHABLE, withOrigin(describe(rootOf(cause)))
						+ ". 'requence.task.ssl.bundle' names the trusted certificates and the certificate to present");
			}
			if (cause instanceof ConnectException || cause instanceof NoRouteToHostException
					|| cause instanceof HttpConnectTimeoutException) {
				return failed(Kind.UNREACHABLE, "No connection: " + describe(cause));
			}
		}
		return failed(Kind.BROKEN, describe(rootOf(error)));
	}

	private ConnectionFailure failed(Kind kind, String reason) {
		return new ConnectionFailure(kind, withOrigin(reason));
	}

	private String withOrigin(String reason) {
		return reason + ((this.origin != null) ? " (" + this.origin + ")" : "");
	}

	private static boolean isUnknownHost(Throwable cause) {
		return cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException;
	}

	/**
	 * The port speaks something else than TLS. The clients have different exceptions for
	 * that.
	 */
	private static boolean isPlain(Throwable cause) {
		return cause instanceof SSLException && (cause.getClass().getSimpleName().equals("NotSslRecordException")
				|| String.valueOf(cause.getMessage()).contains("nrecognized SSL message"));
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
