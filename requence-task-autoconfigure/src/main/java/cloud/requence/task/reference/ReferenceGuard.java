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

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.security.Security;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskReferenceException;
import cloud.requence.task.TaskReferenceException.Reason;

/**
 * Decides which addresses may be requested: allowed hosts and ports, over http or https.
 * Except for the host of the platform, no name may resolve to an address in a private
 * network.
 * <p>
 * Names are resolved by the JVM, which keeps the addresses for some seconds: a connection
 * that follows goes to those that were checked.
 */
public final class ReferenceGuard {

	private static final Log logger = LogFactory.getLog(ReferenceGuard.class);

	private static final int MAX_HOST_LENGTH = 255;

	private static final int HTTP_PORT = 80;

	private static final int HTTPS_PORT = 443;

	/** Not in a private network, but answered by the infrastructure of Azure. */
	private static final byte[] AZURE_WIRE_SERVER = { (byte) 168, 63, (byte) 129, 16 };

	private final ReferenceSettings settings;

	private final Resolver resolver;

	private final AtomicBoolean warned = new AtomicBoolean();

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
	 * @return the address; {@code null} if a reference cannot have it
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
	 * @throws TaskReferenceException if it must not be requested
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
		boolean platform = name.equals(String.valueOf(baseUrl.getHost()).toLowerCase(Locale.ROOT));
		if (platform && "https".equalsIgnoreCase(baseUrl.getScheme()) && scheme.equals("http")) {
			throw notAllowed("host '" + name + "' may only be requested over https");
		}
		int port = portOf(url);
		if (!(platform && port == portOf(baseUrl))
				&& !this.settings.allows(name, port, port == defaultPortOf(scheme))) {
			throw notAllowed(
					"host '" + name + "' with port " + port + " is not among 'requence.task.references.allowed-hosts'");
		}
		if (!platform) {
			checkAddresses(name);
		}
	}

	private static int portOf(URI url) {
		return (url.getPort() >= 0) ? url.getPort() : defaultPortOf(url.getScheme());
	}

	private static int defaultPortOf(String scheme) {
		return scheme.equalsIgnoreCase("https") ? HTTPS_PORT : HTTP_PORT;
	}

	private void checkAddresses(String host) {
		if (!keepsAddresses() && this.warned.compareAndSet(false, true)) {
			logger.warn("The JVM does not keep resolved addresses ('networkaddress.cache.ttl' is 0): a host that is"
					+ " among 'requence.task.references.allowed-hosts' could lead into a private network after it was"
					+ " checked. Keep addresses for some seconds at least");
		}
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

	/**
	 * The security property comes before the system property, as in the JVM.
	 */
	private static boolean keepsAddresses() {
		String seconds = Security.getProperty("networkaddress.cache.ttl");
		return !"0".equals((seconds != null) ? seconds.strip() : System.getProperty("sun.net.inetaddr.ttl"));
	}

	private static boolean isPrivate(InetAddress address) {
		if (address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isSiteLocalAddress()
				|| address.isAnyLocalAddress() || address.isMulticastAddress()) {
			return true;
		}
		byte[] bytes = address.getAddress();
		return (bytes.length == 4) ? isSpecial4(bytes) : !isGlobal6(bytes);
	}

	private static boolean isSpecial4(byte[] bytes) {
		int first = bytes[0] & 0xff;
		int second = bytes[1] & 0xff;
		int third = bytes[2] & 0xff;
		// "This" network, shared address space, protocol assignments, benchmarking,
		// reserved
		return first == 0 || (first == 100 && second >= 64 && second < 128)
				|| (first == 192 && second == 0 && third == 0) || (first == 198 && (second == 18 || second == 19))
				|| first >= 240 || Arrays.equals(bytes, AZURE_WIRE_SERVER);
	}

	/**
	 * Global unicast is 2000::/3. Within it, protocol assignments with Teredo (2001::/23)
	 * and 6to4 (2002::/16) lead elsewhere; an IPv4 address in disguise is outside of it.
	 */
	private static boolean isGlobal6(byte[] bytes) {
		int prefix = (bytes[0] & 0xff) << 8 | (bytes[1] & 0xff);
		return (prefix & 0xe000) == 0x2000 && prefix != 0x2002 && !(prefix == 0x2001 && (bytes[2] & 0xfe) == 0);
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
