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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.client.authentication.OAuth2LoginAuthenticationToken;
import org.springframework.security.oauth2.client.endpoint.WebClientReactiveAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.oidc.authentication.OidcAuthorizationCodeReactiveAuthenticationManager;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcReactiveOAuth2UserService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.core.oidc.OidcScopes;
import org.springframework.security.oauth2.core.user.OAuth2User;

/**
 * The login through OpenID providers, if some are configured under
 * {@code spring.security.oauth2.client}. Safe for use by any thread.
 */
final class OpenIdLogin implements ReactiveAuthenticationManager {

	static final String START_PATH = "/oauth2/authorization/";

	/** For the requests to the provider, while the browser waits. */
	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final List<ClientRegistration> registrations = new ArrayList<>();

	private final AccessProperties.Oidc properties;

	private final ReactiveAuthenticationManager provider = new OidcAuthorizationCodeReactiveAuthenticationManager(
			new WebClientReactiveAuthorizationCodeTokenResponseClient(), new OidcReactiveOAuth2UserService());

	OpenIdLogin(AccessProperties.Oidc properties, @Nullable ReactiveClientRegistrationRepository repository) {
		this.properties = properties;
		if (repository instanceof Iterable<?> configured) {
			configured.forEach((registration) -> this.registrations.add((ClientRegistration) registration));
		}
		for (ClientRegistration registration : this.registrations) {
			if (!registration.getScopes().contains(OidcScopes.OPENID)) {
				throw new IllegalArgumentException(
						"spring.security.oauth2.client.registration.%s.scope must contain openid: the board signs in with OpenID Connect"
							.formatted(registration.getRegistrationId()));
			}
		}
	}

	boolean isConfigured() {
		return !this.registrations.isEmpty();
	}

	/**
	 * Return what leads browsers to the providers.
	 */
	List<Link> links() {
		return this.registrations.stream()
			.map((registration) -> new Link(registration.getClientName(),
					START_PATH + registration.getRegistrationId()))
			.toList();
	}

	/**
	 * Sign in with the code that a provider has given to the browser.
	 */
	@Override
	public Mono<Authentication> authenticate(Authentication code) {
		return this.provider.authenticate(code)
			.timeout(PATIENCE)
			.onErrorMap((ex) -> !(ex instanceof AuthenticationException),
					(ex) -> new InternalAuthenticationServiceException("The provider does not answer as expected", ex))
			.map((login) -> withRoles((OAuth2LoginAuthenticationToken) login));
	}

	private Authentication withRoles(OAuth2LoginAuthenticationToken login) {
		OAuth2User user = Objects.requireNonNull(login.getPrincipal());
		List<GrantedAuthority> roles = roles(user.getAttributes());
		if (roles.isEmpty()) {
			throw new MissingRoleException(user.getName());
		}
		OAuth2LoginAuthenticationToken authorized = new OAuth2LoginAuthenticationToken(login.getClientRegistration(),
				login.getAuthorizationExchange(), user, roles, Objects.requireNonNull(login.getAccessToken()),
				login.getRefreshToken());
		authorized.setDetails(login.getDetails());
		return authorized;
	}

	/**
	 * Return the roles that the claim says, and no other authority.
	 */
	List<GrantedAuthority> roles(Map<String, Object> claims) {
		Set<String> held = values(claims, this.properties.roleClaim()).map(String::valueOf).collect(Collectors.toSet());
		if (held.stream().anyMatch(this.properties.operators()::contains)) {
			return Role.OPERATOR.authorities();
		}
		return held.stream().anyMatch(this.properties.viewers()::contains) ? Role.VIEWER.authorities() : List.of();
	}

	private static Stream<?> values(Map<?, ?> claims, String name) {
		Object claim = claims.get(name);
		if (claim instanceof Collection<?> several) {
			return several.stream();
		}
		int dot = name.indexOf('.');
		if (claim == null && dot > 0 && claims.get(name.substring(0, dot)) instanceof Map<?, ?> inner) {
			return values(inner, name.substring(dot + 1));
		}
		return Stream.ofNullable(claim);
	}

	/**
	 * A provider for the login page.
	 *
	 * @param name the name of the provider
	 * @param address where the login begins
	 */
	record Link(String name, String address) {

	}

}
