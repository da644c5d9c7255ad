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

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskReferenceException;
import cloud.requence.task.TaskReferenceException.Reason;

/**
 * Decides which addresses may be asked: those of hosts that are allowed, over http or
 * https. Apart from the platform's own host, none of them may be in a private network,
 * whatever its name resolves to.
 */
public final class ReferenceGuard {

	private static final int MAX_HOST_LENGTH = 255;

	private final ReferenceSettings settings;

	private final Resolver resolver;

	/**
	 * Create a guard.
	 * @param settings which hosts are allowed
	 */
	public ReferenceGuard(ReferenceSettings settings) {
		this(settings, InetAddress::getAllByName);
	}

	ReferenceGuard(ReferenceSettings settings, Resolver resolver) {
		this.settings = settings;
		this.resolver = resolver;
	}

	/**
	 * Read an address.
	 * @return the address; {@code null} if it is none that a reference can have
	 */
	static @Nullable URI parse(String url) {
		try {
			URI uri = new URI(url);
			return (uri.isAbsolute() && !uri.isOpaque()) ? uri : null;
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

	/**
	 * Check an address.
	 * @param url the address
	 * @throws TaskReferenceException if it must not be asked
	 */
	public void check(URI url) {
		String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
		if (!scheme.equals("http") && !scheme.equals("https")) {
			throw notAllowed("only http and https addresses may be fetched");
		}
		String host = url.getHost();
		if (host == null || host.length() > MAX_HOST_LENGTH || url.getRawUserInfo() != null) {
			throw notAllowed("its address has no plain host");
		}
		String name = host.toLowerCase(Locale.ROOT);
		URI baseUrl = this.settings.baseUrl().get();
		if (name.equals(String.valueOf(baseUrl.getHost()).toLowerCase(Locale.ROOT))) {
			if ("https".equalsIgnoreCase(baseUrl.getScheme()) && scheme.equals("http")) {
				throw notAllowed("host '" + name + "' is only to be asked over https");
			}
			return;
		}
		if (!this.settings.allowedHosts().contains(name)) {
			throw notAllowed("host '" + name + "' is not among 'requence.task.references.allowed-hosts'");
		}
		checkAddresses(name);
	}

	private void checkAddresses(String host) {
		InetAddress[] addresses;
		try {
			addresses = this.resolver.resolve(host);
		}
		catch (UnknownHostException ex) {
			throw new TaskReferenceException(Reason.UNREACHABLE,
					"A reference cannot be fetched: host '" + host + "' is not known", ex);
		}
		for (InetAddress address : addresses) {
			if (isPrivate(address)) {
				throw notAllowed("host '" + host + "' is in a private network");
			}
		}
	}

	private static boolean isPrivate(InetAddress address) {
		if (address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isSiteLocalAddress()
				|| address.isAnyLocalAddress() || address.isMulticastAddress()) {
			return true;
		}
		byte[] bytes = address.getAddress();
		int first = bytes[0] & 0xff;
		int second = bytes[1] & 0xff;
		if (address instanceof Inet4Address) {
			// "This" network, shared address space, benchmarking, reserved
			return first == 0 || (first == 100 && second >= 64 && second < 128)
					|| (first == 198 && (second == 18 || second == 19)) || first >= 240;
		}
		return address instanceof Inet6Address && isPrivate(bytes, first, second);
	}

	private static boolean isPrivate(byte[] bytes, int first, int second) {
		boolean uniqueLocal = (first & 0xfe) == 0xfc;
		// An IPv4 address in disguise is not worth the risk
		boolean translated = first == 0 && second == 0x64 && (bytes[2] & 0xff) == 0xff && (bytes[3] & 0xff) == 0x9b;
		boolean tunnelled = (first == 0x20 && second == 0x02)
				|| (first == 0x20 && second == 0x01 && bytes[2] == 0 && bytes[3] == 0);
		boolean embedded = true;
		for (int i = 0; i < 10; i++) {
			embedded &= bytes[i] == 0;
		}
		return uniqueLocal || translated || tunnelled || embedded;
	}

	private static TaskReferenceException notAllowed(String reason) {
		return new TaskReferenceException(Reason.NOT_ALLOWED, "A reference must not be followed: " + reason);
	}

	/**
	 * Finds the addresses of a host.
	 */
	@FunctionalInterface
	interface Resolver {

		InetAddress[] resolve(String host) throws UnknownHostException;

	}

}
