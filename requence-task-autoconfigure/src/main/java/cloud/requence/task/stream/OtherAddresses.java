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
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletionException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Warns of a host that may be reachable at another of its addresses: the JDK's client
 * connects to the first one only, and cannot be made to use another.
 */
final class OtherAddresses {

	private static final Log logger = LogFactory.getLog(OtherAddresses.class);

	private static final int MAX_HOSTS = 100;

	private final Set<String> warned = new HashSet<>();

	/**
	 * Warn if a connection has failed that another address might have taken; once for
	 * each host.
	 * @param url where the request went
	 * @param failure why it failed, {@code null} if it did not
	 */
	void check(URI url, @Nullable Throwable failure) {
		Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
		String host = url.getHost();
		if (host != null && (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException)) {
			int addresses = addresses(host);
			if (addresses > 1 && isFirst(host)) {
				logger.warn("The JDK's HTTP client could not connect to the first of the " + addresses
						+ " addresses of host '" + host + "', and does not try the others. If they can be reached, add"
						+ " 'io.projectreactor.netty:reactor-netty-http' or"
						+ " 'org.eclipse.jetty:jetty-reactive-httpclient': Spring Boot then uses that client,"
						+ " which tries all addresses");
			}
		}
	}

	/**
	 * The client has just resolved the host, so that the answer is at hand.
	 */
	private static int addresses(String host) {
		try {
			return InetAddress.getAllByName(host).length;
		}
		catch (UnknownHostException ex) {
			return 0;
		}
	}

	private synchronized boolean isFirst(String host) {
		return this.warned.size() < MAX_HOSTS && this.warned.add(host);
	}

}
