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
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.task.AccessToken;
import cloud.requence.task.InvalidAccessTokenException;
import cloud.requence.task.PayloadReader;
import cloud.requence.task.reference.ReferenceGuard;
import cloud.requence.task.reference.ReferenceLoader;
import cloud.requence.task.reference.ReferencePayloadReader;
import cloud.requence.task.reference.ReferenceSettings;
import cloud.requence.task.stream.ReconnectBackOff;
import cloud.requence.task.stream.SseFrameDecoder;
import cloud.requence.task.stream.UpdateDecoder;
import cloud.requence.task.stream.WebClientStreamConnector;
import cloud.requence.task.stream.WebClients;

/**
 * Default implementation of {@link TaskClient.Builder}.
 */
final class DefaultTaskClientBuilder implements TaskClient.Builder {

	private @Nullable Supplier<AccessToken> accessToken;

	private @Nullable URI baseUrl;

	private WebClient.@Nullable Builder webClient;

	private @Nullable ClientHttpConnector connector;

	private Duration responseTimeout = Duration.ofSeconds(30);

	private Duration idleTimeout = Duration.ofMinutes(5);

	private ReconnectBackOff backOff = ReconnectBackOff.standard();

	private DataSize maxEventSize = DataSize.ofBytes(SseFrameDecoder.defaultMaxEventSize());

	private @Nullable ReferenceLimits referenceLimits;

	private PayloadReader payloadReader = PayloadReader.standard();

	private JsonMapper jsonMapper = JsonMapper.shared();

	@Override
	public TaskClient.Builder accessToken(Supplier<AccessToken> accessToken) {
		this.accessToken = accessToken;
		return this;
	}

	@Override
	public TaskClient.Builder baseUrl(@Nullable String baseUrl) {
		this.baseUrl = (baseUrl != null) ? URI.create(baseUrl) : null;
		return this;
	}

	@Override
	public TaskClient.Builder webClient(WebClient.Builder builder) {
		this.webClient = builder.clone();
		return this;
	}

	@Override
	public TaskClient.Builder connector(ClientHttpConnector connector) {
		this.connector = connector;
		return this;
	}

	@Override
	public TaskClient.Builder timeouts(Duration responseTimeout, Duration idleTimeout) {
		Assert.isTrue(responseTimeout.compareTo(Duration.ZERO) > 0, "'responseTimeout' must be longer than zero");
		Assert.isTrue(idleTimeout.compareTo(Duration.ZERO) > 0, "'idleTimeout' must be longer than zero");
		this.responseTimeout = responseTimeout;
		this.idleTimeout = idleTimeout;
		return this;
	}

	@Override
	public TaskClient.Builder reconnect(Duration delay, Duration maxDelay, double multiplier, double jitter) {
		this.backOff = ReconnectBackOff.of(delay, maxDelay, multiplier, jitter);
		return this;
	}

	@Override
	public TaskClient.Builder maxEventSize(DataSize maxEventSize) {
		Assert.isTrue(maxEventSize.toBytes() > 0, "'maxEventSize' must be positive");
		this.maxEventSize = maxEventSize;
		return this;
	}

	@Override
	public TaskClient.Builder references(Collection<String> allowedHosts, DataSize maxSize, Duration timeout) {
		this.referenceLimits = new ReferenceLimits(allowedHosts, maxSize, timeout);
		return this;
	}

	@Override
	public TaskClient.Builder payloadReader(PayloadReader payloadReader) {
		this.payloadReader = payloadReader;
		return this;
	}

	@Override
	public TaskClient.Builder jsonMapper(JsonMapper jsonMapper) {
		this.jsonMapper = jsonMapper;
		return this;
	}

	@Override
	public TaskClient build() {
		Supplier<AccessToken> token = token();
		ReferenceSettings references = references(token);
		ClientHttpConnector hostsConnector = (this.connector != null) ? this.connector : WebClients.standardConnector();
		WebClient platform = (this.webClient != null) ? WebClients.forPlatform(this.webClient, this.connector)
				: WebClients.forPlatform(WebClient.builder(), hostsConnector);
		WebClient hosts = WebClients.withoutCredentials(hostsConnector);
		PayloadReader reader = new ReferencePayloadReader(this.payloadReader, new ReferenceLoader(hosts, references));
		int maxSize = (int) Math.min(this.maxEventSize.toBytes(), Integer.MAX_VALUE - 8);
		ReferenceGuard guard = new ReferenceGuard(references);
		PlatformCalls calls = new PlatformCalls(platform, hosts, guard, token, this.responseTimeout, maxSize);
		FileUploads uploads = new FileUploads(hosts, guard, token, this.responseTimeout);
		WatchSettings watch = new WatchSettings(new WebClientStreamConnector(platform, Clock.systemUTC()), token,
				new UpdateDecoder(reader), maxSize, Runtime.getRuntime().maxMemory() / 10, this.responseTimeout,
				this.idleTimeout, this.backOff);
		TaskCreation creation = new TaskCreation(calls, uploads, new InputWriter(this.jsonMapper));
		return new DefaultTaskClient(new DefaultReactiveTaskClient(calls, creation, reader, watch));
	}

	private Supplier<AccessToken> token() {
		Supplier<AccessToken> token = this.accessToken;
		if (token == null) {
			throw new InvalidAccessTokenException("The access token of the task client is missing");
		}
		URI address = this.baseUrl;
		return (address != null) ? () -> token.get().withBaseUrl(address) : token;
	}

	private ReferenceSettings references(Supplier<AccessToken> token) {
		ReferenceSettings settings = ReferenceSettings.of(() -> token.get().baseUrl());
		ReferenceLimits limits = this.referenceLimits;
		return (limits != null)
				? settings.withAllowedHosts(limits.allowedHosts()).withLimits(limits.maxSize(), limits.timeout())
				: settings;
	}

	/**
	 * What may be fetched.
	 *
	 * @param allowedHosts names of hosts
	 * @param maxSize the largest size
	 * @param timeout how long to wait
	 */
	private record ReferenceLimits(Collection<String> allowedHosts, DataSize maxSize, Duration timeout) {

	}

}
