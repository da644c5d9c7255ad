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

package cloud.requence.task.watcher;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.task.PayloadReader;
import cloud.requence.task.acknowledgement.WebClientAckSender;
import cloud.requence.task.client.ReactiveTaskClient;
import cloud.requence.task.client.TaskClient;
import cloud.requence.task.reference.ReferenceLoader;
import cloud.requence.task.reference.ReferencePayloadReader;
import cloud.requence.task.reference.ReferenceSettings;
import cloud.requence.task.stream.StreamConnector;
import cloud.requence.task.stream.WebClientStreamConnector;
import cloud.requence.task.stream.WebClients;

/**
 * Creates the clients of a watcher for the stream, acknowledgements, single tasks and
 * references. All use one HTTP client, and only references are fetched without the access
 * token.
 *
 * @param token the access token
 * @param webClient the settings of the HTTP client
 * @param connector the connector; {@code null} for that of the HTTP client
 * @param responseTimeout how long to wait for the headers of an answer
 * @param idleTimeout after how long without a byte a connection counts as broken
 * @param maxEventSize the size of the largest event, in bytes
 * @param referenceHosts hosts from which references may be fetched, beside the platform's
 * @param maxReferenceSize the size of the largest file or claim check
 * @param referenceTimeout how long to wait for one
 * @param payloadReader reads payloads
 */
record PlatformClients(PlatformToken token, WebClient.Builder webClient, @Nullable ClientHttpConnector connector,
		Duration responseTimeout, Duration idleTimeout, int maxEventSize, Set<String> referenceHosts,
		DataSize maxReferenceSize, Duration referenceTimeout, PayloadReader payloadReader) {

	StreamConnector stream(Clock clock) {
		return new WebClientStreamConnector(client(), clock);
	}

	WebClientAckSender acknowledgements() {
		return new WebClientAckSender(client(), this.token, this.responseTimeout);
	}

	private WebClient client() {
		return WebClients.forPlatform(this.webClient, this.connector);
	}

	ReactiveTaskClient tasks() {
		TaskClient.Builder client = TaskClient.builder()
			.accessToken(this.token)
			.webClient(this.webClient)
			.timeouts(this.responseTimeout, this.idleTimeout)
			.maxEventSize(DataSize.ofBytes(this.maxEventSize))
			.references(this.referenceHosts, this.maxReferenceSize, this.referenceTimeout)
			.payloadReader(this.payloadReader);
		if (this.connector != null) {
			client.connector(this.connector);
		}
		return client.build().reactive();
	}

	/**
	 * Return a reader of payloads that loads references.
	 */
	PayloadReader payloads() {
		ReferenceSettings settings = ReferenceSettings.of(this.token::baseUrl)
			.withAllowedHosts(this.referenceHosts)
			.withLimits(this.maxReferenceSize, this.referenceTimeout);
		return new ReferencePayloadReader(this.payloadReader,
				new ReferenceLoader(WebClients.withoutCredentials(this.connector), settings));
	}

}
