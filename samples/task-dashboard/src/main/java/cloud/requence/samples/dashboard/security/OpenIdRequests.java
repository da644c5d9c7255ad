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

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpCookie;
import org.springframework.http.ResponseCookie;
import org.springframework.security.oauth2.client.web.server.ServerAuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.web.server.ServerWebExchange;

/**
 * Logins that have begun, each bound to its browser by a cookie. A session for each would
 * let anyone fill the store of sessions. Here the oldest ones are forgotten. Safe for use
 * by any thread.
 */
final class OpenIdRequests implements ServerAuthorizationRequestRepository<OAuth2AuthorizationRequest> {

	static final String COOKIE = "TASK_DASHBOARD_LOGIN";

	static final int MAX_REQUESTS = 5000;

	private static final int COOKIE_LENGTH = 36;

	private static final Duration LIFETIME = Duration.ofMinutes(10);

	private final Map<Key, Pending> requests = new LinkedHashMap<>();

	private final Clock clock;

	OpenIdRequests(Clock clock) {
		this.clock = clock;
	}

	@Override
	public Mono<Void> saveAuthorizationRequest(OAuth2AuthorizationRequest request, ServerWebExchange exchange) {
		return Mono.fromRunnable(() -> {
			String browser = browser(exchange);
			if (browser == null) {
				browser = UUID.randomUUID().toString();
			}
			boolean secure = "https".equalsIgnoreCase(exchange.getRequest().getURI().getScheme());
			// Lax: the provider leads the browser back
			exchange.getResponse()
				.addCookie(ResponseCookie.from(COOKIE, browser)
					.path("/")
					.httpOnly(true)
					.secure(secure)
					.sameSite("Lax")
					.maxAge(LIFETIME)
					.build());
			put(new Key(browser, String.valueOf(request.getState())), request);
		});
	}

	@Override
	public Mono<OAuth2AuthorizationRequest> loadAuthorizationRequest(ServerWebExchange exchange) {
		return Mono.fromSupplier(() -> find(key(exchange), false));
	}

	@Override
	public Mono<OAuth2AuthorizationRequest> removeAuthorizationRequest(ServerWebExchange exchange) {
		return Mono.fromSupplier(() -> find(key(exchange), true));
	}

	private synchronized void put(Key key, OAuth2AuthorizationRequest request) {
		this.requests.put(key, new Pending(request, this.clock.millis() + LIFETIME.toMillis()));
		if (this.requests.size() > MAX_REQUESTS) {
			this.requests.remove(this.requests.keySet().iterator().next());
		}
	}

	private synchronized @Nullable OAuth2AuthorizationRequest find(@Nullable Key key, boolean remove) {
		Pending pending = remove ? this.requests.remove(key) : this.requests.get(key);
		return (pending != null && pending.expiresAt() > this.clock.millis()) ? pending.request() : null;
	}

	private static @Nullable Key key(ServerWebExchange exchange) {
		String state = exchange.getRequest().getQueryParams().getFirst(OAuth2ParameterNames.STATE);
		String browser = browser(exchange);
		return (state != null && browser != null) ? new Key(browser, state) : null;
	}

	private static @Nullable String browser(ServerWebExchange exchange) {
		HttpCookie cookie = exchange.getRequest().getCookies().getFirst(COOKIE);
		return (cookie != null && cookie.getValue().length() == COOKIE_LENGTH) ? cookie.getValue() : null;
	}

	/**
	 * A login of a browser.
	 *
	 * @param browser the value of the cookie
	 * @param state the value that the provider returns
	 */
	private record Key(String browser, String state) {

	}

	/**
	 * A login that has begun.
	 *
	 * @param request what the provider was asked
	 * @param expiresAt when the login is forgotten, in milliseconds since the epoch
	 */
	private record Pending(OAuth2AuthorizationRequest request, long expiresAt) {

	}

}
