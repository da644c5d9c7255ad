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

package cloud.requence.samples.dashboard.security;

import java.net.InetSocketAddress;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.web.server.ServerWebExchange;

/**
 * Who has sent a request, and from where.
 *
 * @param name the name of the user; {@code null} without a login
 * @param address the address of the client, of the proxy unless forwarded headers are
 * trusted
 */
public record Caller(@Nullable String name, String address) {

	private static final int MAX_TEXT = 200;

	/**
	 * Return the sender of a request.
	 * @param exchange the request
	 * @return the sender
	 */
	public static Mono<Caller> of(ServerWebExchange exchange) {
		String address = addressOf(exchange.getRequest().getRemoteAddress());
		return exchange.getPrincipal()
			.filter((principal) -> !(principal instanceof AnonymousAuthenticationToken))
			.map((principal) -> new Caller(principal.getName(), address))
			.defaultIfEmpty(new Caller(null, address));
	}

	/**
	 * Return text for a log, in one line and without characters that terminals interpret.
	 * @param text the text, from anywhere
	 * @return the text, of a long one the beginning
	 */
	public static String printable(String text) {
		String shortened = (text.length() > MAX_TEXT) ? text.substring(0, MAX_TEXT) + "…" : text;
		return shortened.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
	}

	/**
	 * Return what limits of each viewer count by.
	 * @return the user, or without a login the address
	 */
	public String key() {
		return (this.name != null) ? "user " + this.name : "address " + this.address;
	}

	private static String addressOf(@Nullable InetSocketAddress address) {
		if (address == null) {
			return "unknown";
		}
		return (address.getAddress() != null) ? address.getAddress().getHostAddress()
				: Objects.requireNonNullElse(address.getHostString(), "unknown");
	}

	/**
	 * Return a description for a log.
	 */
	@Override
	public String toString() {
		String user = (this.name != null) ? "user '" + printable(this.name) + "'" : "a user without login";
		return user + " from " + printable(this.address);
	}

}
