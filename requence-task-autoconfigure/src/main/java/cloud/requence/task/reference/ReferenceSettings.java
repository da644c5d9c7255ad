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

package cloud.requence.task.reference;

import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * What may be fetched.
 *
 * @param baseUrl the address of the platform, whose host is trusted
 * @param allowedHosts further hosts, in lower case, with or without a port
 * @param maxSize the size of the largest file or claim check
 * @param timeout how long to wait for a response, for a whole claim check, and for each
 * further byte of a file or stream
 */
public record ReferenceSettings(Supplier<URI> baseUrl, Set<String> allowedHosts, DataSize maxSize, Duration timeout) {

	/**
	 * The default of {@link #maxSize()}.
	 */
	public static final DataSize DEFAULT_MAX_SIZE = DataSize.ofMegabytes(64);

	/**
	 * The default of {@link #timeout()}.
	 */
	public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

	public ReferenceSettings {
		Assert.isTrue(maxSize.toBytes() > 0, "'maxSize' must be positive");
		Assert.isTrue(timeout.compareTo(Duration.ZERO) > 0, "'timeout' must be longer than zero");
		allowedHosts = Set.copyOf(allowedHosts);
	}

	/**
	 * Create settings that allow the host of the platform.
	 * @param baseUrl the address of the platform
	 * @return the settings
	 */
	public static ReferenceSettings of(Supplier<URI> baseUrl) {
		return new ReferenceSettings(baseUrl, Set.of(), DEFAULT_MAX_SIZE, DEFAULT_TIMEOUT);
	}

	/**
	 * Return these settings with further hosts.
	 * @param hosts entries {@code host}, which means the default port of the scheme, or
	 * {@code host:port}
	 * @return new settings
	 */
	public ReferenceSettings withAllowedHosts(Collection<String> hosts) {
		Set<String> names = hosts.stream()
			.map((host) -> host.strip().toLowerCase(Locale.ROOT))
			.collect(Collectors.toSet());
		return new ReferenceSettings(this.baseUrl, names, this.maxSize, this.timeout);
	}

	/**
	 * Return whether a host is among the allowed ones.
	 * @param host its name in lower case
	 * @param port the port that is to be requested
	 * @param defaultPort whether that is the default port of the scheme
	 */
	boolean allows(String host, int port, boolean defaultPort) {
		return this.allowedHosts.contains(host + ":" + port) || (defaultPort && this.allowedHosts.contains(host));
	}

	/**
	 * Return these settings with other limits.
	 * @param maxSize the size of the largest file or claim check
	 * @param timeout how long to wait
	 * @return new settings
	 */
	public ReferenceSettings withLimits(DataSize maxSize, Duration timeout) {
		return new ReferenceSettings(this.baseUrl, this.allowedHosts, maxSize, timeout);
	}

}
