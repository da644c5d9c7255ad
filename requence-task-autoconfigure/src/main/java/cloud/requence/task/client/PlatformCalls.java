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

package cloud.requence.task.client;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.util.Assert;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.util.UriUtils;

import cloud.requence.task.AccessToken;
import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.TaskReferenceException;
import cloud.requence.task.reference.ReferenceGuard;
import cloud.requence.task.stream.FailureTranslator;
import cloud.requence.task.stream.StreamFailedException;
import cloud.requence.task.support.BodyBytes;
import cloud.requence.task.support.Causes;

/**
 * Sends calls to the platform, with the access token, and reads the responses.
 */
final class PlatformCalls {

	private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

	private final WebClient client;

	private final WebClient hosts;

	private final ReferenceGuard guard;

	private final Supplier<AccessToken> accessToken;

	private final Duration timeout;

	private final int maxSize;

	private final Clock clock = Clock.systemUTC();

	/**
	 * Create the calls.
	 * @param client the client, which must not follow redirects
	 * @param hosts the client for other hosts, which must not send credentials either
	 * @param guard decides which other hosts may be sent something
	 * @param accessToken the access token to use next
	 * @param timeout how long to wait for a response
	 * @param maxSize the size up to which a response is read, in bytes
	 */
	PlatformCalls(WebClient client, WebClient hosts, ReferenceGuard guard, Supplier<AccessToken> accessToken,
			Duration timeout, int maxSize) {
		this.client = client;
		this.hosts = hosts;
		this.guard = guard;
		this.accessToken = accessToken;
		this.timeout = timeout;
		this.maxSize = maxSize;
	}

	Mono<byte[]> get(String call, String id, String purpose) {
		return token().flatMap((token) -> send(this.client.get().uri(address(token, call, id)), token, purpose));
	}

	Mono<byte[]> post(String call, String id, @Nullable String text, String purpose) {
		return token().flatMap((token) -> {
			WebClient.RequestBodySpec request = this.client.method(HttpMethod.POST).uri(address(token, call, id));
			return send((text != null) ? request.contentType(TEXT).bodyValue(text) : request, token, purpose);
		});
	}

	/**
	 * Post to an address that the platform has given. The access token goes with it only
	 * to the platform's own origin; another host must be an allowed one.
	 */
	Mono<byte[]> postJson(URI address, byte[] json, String purpose) {
		return token().flatMap((token) -> {
			if (isOrigin(address, token)) {
				return send(this.client.post().uri(address).contentType(MediaType.APPLICATION_JSON).bodyValue(json),
						token, purpose);
			}
			checkHost(address, token);
			return exchange(this.hosts.post().uri(address).contentType(MediaType.APPLICATION_JSON).bodyValue(json),
					token, purpose);
		});
	}

	private void checkHost(URI address, AccessToken token) {
		try {
			this.guard.check(address);
		}
		catch (TaskReferenceException ex) {
			throw elsewhere(token, ex);
		}
	}

	/**
	 * The token may have to be read from somewhere.
	 */
	private Mono<AccessToken> token() {
		return Mono.fromSupplier(this.accessToken).subscribeOn(Schedulers.boundedElastic());
	}

	/**
	 * Check that an address is at the platform's own origin, where the access token goes.
	 */
	static void checkOrigin(URI address, AccessToken token) {
		if (!isOrigin(address, token)) {
			throw elsewhere(token, null);
		}
	}

	private static TaskClientException elsewhere(AccessToken token, @Nullable Throwable cause) {
		return new TaskClientException("The platform gives an address that is not at its base URL " + token.baseUrl()
				+ ". The access token is not sent there; check 'requence.task.base-url' and"
				+ " 'requence.task.references.allowed-hosts'", cause);
	}

	private static boolean isOrigin(URI address, AccessToken token) {
		URI baseUrl = token.baseUrl();
		return baseUrl.getScheme().equalsIgnoreCase(address.getScheme())
				&& baseUrl.getHost().equalsIgnoreCase(address.getHost()) && port(baseUrl) == port(address)
				&& address.getRawUserInfo() == null;
	}

	private static int port(URI url) {
		return (url.getPort() >= 0) ? url.getPort() : "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
	}

	private static URI address(AccessToken token, String call, String id) {
		Assert.isTrue(!id.isBlank() && !id.equals(".") && !id.equals(".."),
				"The identifier or template must not be empty and not be a path");
		return URI.create(token.baseUrl() + "/task/" + call + UriUtils.encode(id, StandardCharsets.UTF_8));
	}

	private Mono<byte[]> send(WebClient.RequestHeadersSpec<?> request, AccessToken token, String purpose) {
		return exchange(request.headers((headers) -> headers.setBearerAuth(token.secret())), token, purpose);
	}

	private Mono<byte[]> exchange(WebClient.RequestHeadersSpec<?> request, AccessToken token, String purpose) {
		FailureTranslator translator = new FailureTranslator(token, this.clock, token.baseUrl());
		return request.accept(MediaType.APPLICATION_JSON, MediaType.ALL)
			.exchangeToMono((response) -> answer(response, translator, this.maxSize))
			.timeout(this.timeout)
			.onErrorMap((ex) -> failure(ex, translator, purpose, ClientFailures::of));
	}

	/**
	 * Read a response.
	 * @param response the response
	 * @param translator translates failures
	 * @param maxSize the size up to which it is read
	 * @return the body of a success, an error otherwise
	 */
	static Mono<byte[]> answer(ClientResponse response, FailureTranslator translator, int maxSize) {
		if (!response.statusCode().is2xxSuccessful()) {
			return translator.rejected(response).flatMap((failure) -> Mono.error(new StreamFailedException(failure)));
		}
		return BodyBytes.read(response.body(BodyExtractors.toDataBuffers()), maxSize);
	}

	static Throwable failure(Throwable error, FailureTranslator translator, String purpose,
			ClientFailures.Factory exceptions) {
		// Failures of a body are wrapped
		Optional<Throwable> known = Causes.of(error).filter(RequenceTaskException.class::isInstance).findFirst();
		if (known.isPresent()) {
			return known.get();
		}
		if (error instanceof DataBufferLimitException) {
			return new TaskClientException(
					purpose + ": the response is larger than 'requence.task.connection.max-event-size' allows");
		}
		return exceptions.create(translator.translate(error), purpose,
				Objects.requireNonNullElse(error.getCause(), error));
	}

}
