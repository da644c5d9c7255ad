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

import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpCookie;
import org.springframework.http.ResponseCookie;
import org.springframework.security.crypto.encrypt.AesGcmBytesEncryptor;
import org.springframework.security.crypto.encrypt.BytesEncryptor;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.server.ServerAuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.util.StringUtils;
import org.springframework.web.server.ServerWebExchange;

/**
 * Logins that have begun. Each is in an encrypted cookie of its browser, so that the
 * board keeps nothing that others could fill or displace. A browser can begin a few
 * logins at a time, in several tabs; a further one replaces the oldest. Safe for use by
 * any thread.
 */
final class OpenIdRequests implements ServerAuthorizationRequestRepository<OAuth2AuthorizationRequest> {

	static final String COOKIE = "TASK_DASHBOARD_LOGIN_";

	/** All of their cookies fit into the headers of a request. */
	static final int LOGINS = 5;

	private static final Duration LIFETIME = Duration.ofMinutes(10);

	private static final int KEY_BITS = 256;

	/** Its key lives as long as the application. */
	private final BytesEncryptor encryptor = AesGcmBytesEncryptor.withSecretKey(key()).build();

	private final ReactiveClientRegistrationRepository providers;

	private final JsonMapper mapper;

	private final Clock clock;

	OpenIdRequests(ReactiveClientRegistrationRepository providers, JsonMapper mapper, Clock clock) {
		this.providers = providers;
		this.mapper = mapper;
		this.clock = clock;
	}

	private static SecretKey key() {
		try {
			KeyGenerator generator = KeyGenerator.getInstance("AES");
			generator.init(KEY_BITS);
			return generator.generateKey();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public Mono<Void> saveAuthorizationRequest(OAuth2AuthorizationRequest request, ServerWebExchange exchange) {
		return Mono.fromRunnable(() -> {
			Login login = Login.of(request, this.clock.millis() + LIFETIME.toMillis());
			byte[] encrypted = this.encryptor.encrypt(this.mapper.writeValueAsBytes(login));
			write(exchange, place(exchange, login), Base64.getUrlEncoder().withoutPadding().encodeToString(encrypted),
					LIFETIME);
		});
	}

	/**
	 * Return where the login of a browser fits. Tabs that begin at the same time do not
	 * know of each other, and hardly meet.
	 */
	private int place(ServerWebExchange exchange, Login login) {
		int first = Math.floorMod(login.state().hashCode(), LOGINS);
		int oldest = first;
		long expiry = Long.MAX_VALUE;
		for (int i = 0; i < LOGINS; i++) {
			int place = (first + i) % LOGINS;
			long expiresAt = logins(exchange, place).stream().mapToLong(Login::expiresAt).max().orElse(0);
			if (expiresAt < expiry) {
				oldest = place;
				expiry = expiresAt;
			}
		}
		return oldest;
	}

	@Override
	public Mono<OAuth2AuthorizationRequest> loadAuthorizationRequest(ServerWebExchange exchange) {
		return find(exchange, false);
	}

	@Override
	public Mono<OAuth2AuthorizationRequest> removeAuthorizationRequest(ServerWebExchange exchange) {
		return find(exchange, true);
	}

	private Mono<OAuth2AuthorizationRequest> find(ServerWebExchange exchange, boolean remove) {
		String state = exchange.getRequest().getQueryParams().getFirst(OAuth2ParameterNames.STATE);
		for (int place = 0; place < LOGINS; place++) {
			for (Login login : logins(exchange, place)) {
				if (login.state().equals(state)) {
					if (remove) {
						write(exchange, place, "", Duration.ZERO);
					}
					return this.providers.findByRegistrationId(login.provider()).map(login::request);
				}
			}
		}
		return Mono.empty();
	}

	/**
	 * Return the logins in a place that have not expired. Other applications of this
	 * machine may have put anything there.
	 */
	private List<Login> logins(ServerWebExchange exchange, int place) {
		return exchange.getRequest()
			.getCookies()
			.getOrDefault(COOKIE + place, List.of())
			.stream()
			.map(this::login)
			.filter(Objects::nonNull)
			.filter((login) -> login.expiresAt() > this.clock.millis())
			.toList();
	}

	private @Nullable Login login(HttpCookie cookie) {
		try {
			byte[] encrypted = Base64.getUrlDecoder().decode(cookie.getValue());
			return this.mapper.readValue(this.encryptor.decrypt(encrypted), Login.class);
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	private static void write(ServerWebExchange exchange, int place, String value, Duration lifetime) {
		boolean secure = "https".equalsIgnoreCase(exchange.getRequest().getURI().getScheme());
		// Lax: the provider leads the browser back
		exchange.getResponse()
			.addCookie(ResponseCookie.from(COOKIE + place, value)
				.path("/")
				.httpOnly(true)
				.secure(secure)
				.sameSite("Lax")
				.maxAge(lifetime)
				.build());
	}

	/**
	 * A login that has begun.
	 *
	 * @param provider the registration of the provider
	 * @param state the value that the provider returns
	 * @param redirectUri where it leads the browser back to
	 * @param nonce what its token contains, as a digest
	 * @param verifier proves that the code is for this login
	 * @param expiresAt when the login is forgotten, in milliseconds since the epoch
	 */
	private record Login(String provider, String state, String redirectUri, @Nullable String nonce,
			@Nullable String verifier, long expiresAt) {

		static Login of(OAuth2AuthorizationRequest request, long expiresAt) {
			return new Login(Objects.requireNonNull(request.getAttribute(OAuth2ParameterNames.REGISTRATION_ID)),
					Objects.requireNonNull(request.getState()), Objects.requireNonNull(request.getRedirectUri()),
					request.getAttribute(OidcParameterNames.NONCE),
					request.getAttribute(PkceParameterNames.CODE_VERIFIER), expiresAt);
		}

		OAuth2AuthorizationRequest request(ClientRegistration registration) {
			return OAuth2AuthorizationRequest.authorizationCode()
				.authorizationUri(Objects.requireNonNull(registration.getProviderDetails().getAuthorizationUri()))
				.clientId(registration.getClientId())
				.redirectUri(this.redirectUri)
				.scopes(registration.getScopes())
				.state(this.state)
				.attributes(this::addTo)
				.build();
		}

		private void addTo(Map<String, Object> attributes) {
			attributes.put(OAuth2ParameterNames.REGISTRATION_ID, this.provider);
			if (StringUtils.hasText(this.nonce)) {
				attributes.put(OidcParameterNames.NONCE, this.nonce);
			}
			if (StringUtils.hasText(this.verifier)) {
				attributes.put(PkceParameterNames.CODE_VERIFIER, this.verifier);
			}
		}

	}

}
