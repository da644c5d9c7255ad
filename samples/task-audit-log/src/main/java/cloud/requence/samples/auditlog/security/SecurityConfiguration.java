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

package cloud.requence.samples.auditlog.security;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import cloud.requence.emulator.RequenceEmulator;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.mapping.GrantedAuthoritiesMapper;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.oidc.user.OidcUserAuthority;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.CookieRequestCache;

/**
 * Sets up the login, the roles, and what browsers may do with the pages.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

	private static final Log logger = LogFactory.getLog(SecurityConfiguration.class);

	private static final String POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; "
			+ "frame-ancestors 'none'; object-src 'none'";

	private static final String DEMO_USER = "auditor";

	@Bean
	PasswordEncoder passwordEncoder() {
		return PasswordEncoderFactories.createDelegatingPasswordEncoder();
	}

	@Bean
	LogUsers logUsers(AccessProperties properties, PasswordEncoder encoder,
			ObjectProvider<ClientRegistrationRepository> providers, ObjectProvider<RequenceEmulator> emulator) {
		LogUsers users = new LogUsers(properties.users(), encoder);
		if (users.isEmpty() && providers.getIfAvailable() == null) {
			// A demo has nothing to protect but its user from other users of this machine
			if (emulator.getIfAvailable() == null) {
				throw new MissingUsersException();
			}
			String password = UUID.randomUUID().toString();
			users.add(DEMO_USER, password, Role.AUDITOR);
			logger.warn("The audit log has no users. Sign in as '" + DEMO_USER + "' with the generated password "
					+ password);
		}
		return users;
	}

	@Bean
	SecurityFilterChain securityFilterChain(HttpSecurity http, LogUsers users, PasswordEncoder encoder,
			AccessProperties properties, ObjectProvider<ClientRegistrationRepository> providers) throws Exception {
		http.headers((headers) -> headers.contentSecurityPolicy((policy) -> policy.policyDirectives(POLICY))
			.referrerPolicy((policy) -> policy.policy(ReferrerPolicy.SAME_ORIGIN))
			.crossOriginOpenerPolicy((policy) -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN)));
		http.authorizeHttpRequests((authorize) -> authorize
			.requestMatchers("/login", "/css/**", "/js/**", "/img/**", "/webjars/**", "/error")
			.permitAll()
			.requestMatchers(EndpointRequest.to("health"))
			.permitAll()
			.requestMatchers(HttpMethod.POST, "/logout")
			.authenticated()
			.requestMatchers(HttpMethod.GET, "/", "/status", "/tasks", "/tasks/*", "/entries/*", "/entries/*/payload",
					"/api/entries", "/api/entries/*", "/api/tasks", "/api/tasks/*")
			.hasRole(Role.VIEWER.name())
			.anyRequest()
			.hasRole(Role.AUDITOR.name()));
		http.requestCache((cache) -> cache.requestCache(new AddressCache()));
		Refusals refusals = new Refusals();
		http.exceptionHandling((handling) -> handling.authenticationEntryPoint(refusals::demandLogin)
			.accessDeniedHandler(refusals::deny));
		http.authenticationProvider(new LoginProvider(provider(users, encoder)));
		http.formLogin((form) -> form.loginPage(Refusals.LOGIN_PATH).failureHandler(refusals::refuseLogin));
		http.httpBasic((basic) -> basic.authenticationEntryPoint(refusals::demandLogin));
		http.logout((logout) -> logout.logoutSuccessUrl(Refusals.LOGIN_PATH + "?left"));
		// A script that sends a password with each request has no session that others
		// could use, and browsers never send one, as they are never asked for it
		http.csrf((csrf) -> csrf
			.ignoringRequestMatchers((request) -> request.getHeader(HttpHeaders.AUTHORIZATION) != null));
		if (providers.getIfAvailable() != null) {
			http.oauth2Login((login) -> login.loginPage(Refusals.LOGIN_PATH)
				.userInfoEndpoint((user) -> user.userAuthoritiesMapper(rolesByClaim(properties.oidc()))));
		}
		return http.build();
	}

	private static DaoAuthenticationProvider provider(LogUsers users, PasswordEncoder encoder) {
		DaoAuthenticationProvider provider = new DaoAuthenticationProvider(users);
		provider.setPasswordEncoder(encoder);
		return provider;
	}

	/**
	 * Give users of a provider the roles that their ID token says, and no other
	 * authority.
	 */
	static GrantedAuthoritiesMapper rolesByClaim(AccessProperties.Oidc oidc) {
		return (authorities) -> authorities.stream()
			.filter(OidcUserAuthority.class::isInstance)
			.map(OidcUserAuthority.class::cast)
			.flatMap((authority) -> roles(oidc, authority.getAttributes().get(oidc.roleClaim())).stream())
			.distinct()
			.toList();
	}

	private static List<GrantedAuthority> roles(AccessProperties.Oidc oidc, @Nullable Object claim) {
		Stream<?> values = (claim instanceof Collection<?> several) ? several.stream() : Stream.ofNullable(claim);
		Set<String> held = Set.copyOf(values.map(String::valueOf).toList().stream().distinct().toList());
		if (held.stream().anyMatch(oidc.auditors()::contains)) {
			return Role.AUDITOR.authorities();
		}
		return held.stream().anyMatch(oidc.viewers()::contains) ? Role.VIEWER.authorities() : List.of();
	}

	/**
	 * Keeps the address of a page until the user has signed in. The default adds a
	 * parameter to it, which is not one of the page. This one only leads back: the
	 * request that follows is the browser's own, with its own headers.
	 */
	private static final class AddressCache extends CookieRequestCache {

		@Override
		public @Nullable HttpServletRequest getMatchingRequest(HttpServletRequest request,
				HttpServletResponse response) {
			super.getMatchingRequest(request, response);
			return null;
		}

	}

}
