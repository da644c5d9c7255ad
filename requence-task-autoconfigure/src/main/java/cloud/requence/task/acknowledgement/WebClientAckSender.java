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

package cloud.requence.task.acknowledgement;

import java.net.URI;
import java.time.Duration;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.util.UriUtils;

import cloud.requence.task.AccessToken;

/**
 * Acknowledges with {@code POST {baseUrl}/task/ack/{taskId}} and no body; any 2xx is a
 * success. 409 and 410 mean that there is nothing left to acknowledge.
 */
public final class WebClientAckSender implements AckSender {

	private static final Log logger = LogFactory.getLog(WebClientAckSender.class);

	private static final Duration BODY_TIMEOUT = Duration.ofSeconds(2);

	private final WebClient client;

	private final Supplier<AccessToken> accessToken;

	private final Duration timeout;

	/**
	 * Create a sender.
	 * @param client the client, which must not follow redirects
	 * @param accessToken the access token to use next
	 * @param timeout how long to wait for an answer
	 */
	public WebClientAckSender(WebClient client, Supplier<AccessToken> accessToken, Duration timeout) {
		this.client = client;
		this.accessToken = accessToken;
		this.timeout = timeout;
	}

	@Override
	public Mono<Outcome> send(String taskId) {
		if (taskId.isBlank() || taskId.equals(".") || taskId.equals("..")) {
			// Would be the path of another call
			return Mono.just(Outcome.INVALID);
		}
		return Mono.fromSupplier(this.accessToken)
			.flatMap((token) -> post(token, taskId))
			.timeout(this.timeout.plus(BODY_TIMEOUT));
	}

	private Mono<Outcome> post(AccessToken token, String taskId) {
		return this.client.post()
			.uri(URI.create(token.baseUrl() + "/task/ack/" + UriUtils.encode(taskId, "UTF-8")))
			.headers((headers) -> headers.setBearerAuth(token.secret()))
			.exchangeToMono((response) -> release(response).thenReturn(outcomeOf(response)));
	}

	/**
	 * The status is the outcome of the acknowledgement. The body may be interrupted, or
	 * never come.
	 */
	private static Mono<Void> release(ClientResponse response) {
		return response.releaseBody().timeout(BODY_TIMEOUT).onErrorComplete();
	}

	private static Outcome outcomeOf(ClientResponse response) {
		int status = response.statusCode().value();
		Outcome outcome = outcomeOf(status);
		if (outcome != Outcome.TAKEN) {
			logger.debug("An acknowledgement was answered with status " + status);
		}
		return outcome;
	}

	private static Outcome outcomeOf(int status) {
		return switch (status) {
			case 404 -> Outcome.NOT_FOUND;
			case 409, 410 -> Outcome.TAKEN;
			case 401, 403, 407, 408, 421, 425, 429 -> Outcome.RETRY;
			default -> switch (status / 100) {
				case 2 -> Outcome.TAKEN;
				case 4 -> Outcome.REFUSED;
				default -> Outcome.RETRY;
			};
		};
	}

}
