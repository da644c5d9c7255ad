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
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

import cloud.requence.emulator.RequenceEmulator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.SecurityProperties;
import org.springframework.boot.security.autoconfigure.actuate.web.reactive.EndpointRequest;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.authentication.UserDetailsRepositoryReactiveAuthenticationManager;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity.HeaderSpec.FrameOptionsSpec;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.authentication.RedirectServerAuthenticationSuccessHandler;
import org.springframework.security.web.server.authentication.ServerAuthenticationSuccessHandler;
import org.springframework.security.web.server.authentication.logout.WebSessionServerLogoutHandler;
import org.springframework.security.web.server.csrf.CookieServerCsrfTokenRepository;
import org.springframework.security.web.server.csrf.CsrfToken;
import org.springframework.security.web.server.csrf.ServerCsrfTokenRepository;
import org.springframework.security.web.server.csrf.ServerCsrfTokenRequestAttributeHandler;
import org.springframework.security.web.server.header.CrossOriginOpenerPolicyServerHttpHeadersWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.server.header.ReferrerPolicyServerHttpHeadersWriter.ReferrerPolicy;
import org.springframework.security.web.server.savedrequest.CookieServerRequestCache;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;

/**
 * Sets up the login, the roles, and what keeps other sites out.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ManagementServerProperties.class)
class SecurityConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(SecurityConfiguration.class);

	private static final String POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; ";

	private static final Set<HttpMethod> HARMLESS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

	/** Checking a password is expensive on purpose: guesses must not take all threads. */
	private static final int LOGIN_THREADS = 2;

	private static final int WAITING_LOGINS = 50;

	@Bean
	PasswordEncoder passwordEncoder() {
		return PasswordEncoderFactories.createDelegatingPasswordEncoder();
	}

	@Bean
	DashboardUsers dashboardUsers(AccessProperties properties, SecurityProperties boot, PasswordEncoder encoder) {
		return new DashboardUsers(properties.security().users(), boot.getUser(), encoder);
	}

	@Bean
	OpenIdLogin openIdLogin(AccessProperties properties,
			ObjectProvider<ReactiveClientRegistrationRepository> repository) {
		return new OpenIdLogin(properties.security().oidc(), repository.getIfAvailable());
	}

	@Bean
	LoginRequirement loginRequirement(AccessProperties properties, DashboardUsers users, OpenIdLogin openId,
			SecurityProperties boot, ServerProperties server, ManagementServerProperties management,
			ObjectProvider<RequenceEmulator> emulator) {
		boolean demo = emulator.getIfAvailable() != null;
		ForwardHeadersStrategy strategy = server.getForwardHeadersStrategy();
		boolean proxy = !properties.hosts().isEmpty() || (strategy != null && strategy != ForwardHeadersStrategy.NONE);
		LoginRequirement requirement = new LoginRequirement(properties.security().login(),
				!users.isEmpty() || openId.isConfigured(), proxy && !demo, server, management);
		if (!requirement.isDemanded()) {
			if (requirement.exposure() != null) {
				logger.warn("Everyone who can reach the board may use it: dashboard.security.login is never, and {}",
						requirement.exposure());
			}
			return requirement;
		}
		if (users.isEmpty() && !openId.isConfigured()) {
			if (!demo) {
				throw new MissingUsersException(requirement.exposure());
			}
			users.add(boot.getUser().getName(), boot.getUser().getPassword(), Role.OPERATOR);
			logger.warn("The board has no users. Sign in as '{}' with the generated password {}",
					boot.getUser().getName(), boot.getUser().getPassword());
		}
		return requirement;
	}

	@Bean(destroyMethod = "dispose")
	Scheduler loginScheduler() {
		return Schedulers.newBoundedElastic(LOGIN_THREADS, WAITING_LOGINS, "dashboard-login");
	}

	@Bean
	ReactiveAuthenticationManager authenticationManager(DashboardUsers users, PasswordEncoder encoder,
			Scheduler loginScheduler) {
		UserDetailsRepositoryReactiveAuthenticationManager manager = new UserDetailsRepositoryReactiveAuthenticationManager(
				users);
		manager.setPasswordEncoder(encoder);
		manager.setScheduler(loginScheduler);
		return (login) -> manager.authenticate(login)
			.onErrorMap(RejectedExecutionException.class,
					(ex) -> new InsufficientAuthenticationException("Too many logins at a time", ex));
	}

	@Bean
	SecurityWebFilterChain securityWebFilterChain(ServerHttpSecurity http, LoginRequirement requirement,
			AccessProperties properties, DashboardUsers users, OpenIdLogin openId,
			ObjectProvider<ReactiveClientRegistrationRepository> providers, Clock clock, JsonMapper mapper) {
		CookieServerRequestCache requestCache = new CookieServerRequestCache();
		boolean singleProvider = users.isEmpty() && openId.links().size() == 1;
		Refusals refusals = new Refusals(mapper, singleProvider ? openId.links().get(0).address() : Refusals.LOGIN_PATH,
				requestCache);
		headers(http, properties);
		// No other site may read or send anything
		http.cors((cors) -> cors.configurationSource((exchange) -> new CorsConfiguration()));
		http.csrf((csrf) -> csrf.csrfTokenRepository(new CsrfCookies())
			.csrfTokenRequestHandler(new HeaderTokens())
			.accessDeniedHandler(refusals::deny));
		http.exceptionHandling((handling) -> handling.authenticationEntryPoint(refusals::demandLogin)
			.accessDeniedHandler(refusals::deny));
		// Its filter would forget the page that was asked for as soon as the login is
		// shown
		http.requestCache(ServerHttpSecurity.RequestCacheSpec::disable);
		http.authorizeExchange(
				(authorize) -> authorize.pathMatchers("/login", "/api/login", "/css/**", "/js/**", "/img/**")
					.permitAll()
					.matchers(EndpointRequest.to("health"))
					.permitAll()
					.matchers(SecurityConfiguration::changesSomething)
					.hasRole(Role.OPERATOR.name())
					.anyExchange()
					.hasRole(Role.VIEWER.name()));
		if (requirement.isDemanded()) {
			RedirectServerAuthenticationSuccessHandler success = new RedirectServerAuthenticationSuccessHandler("/");
			success.setRequestCache(requestCache);
			if (!users.isEmpty()) {
				passwordLogin(http, refusals, success);
			}
			if (openId.isConfigured()) {
				http.oauth2Login((login) -> login.authenticationManager(openId)
					.authorizationRequestRepository(new OpenIdRequests(providers.getObject(), mapper, clock))
					.authenticationSuccessHandler(success)
					.authenticationFailureHandler(refusals::refuseProvider));
			}
			// The stream of an open page ends with its session
			http.logout(
					(logout) -> logout.logoutHandler((handlers) -> handlers.add(new WebSessionServerLogoutHandler()))
						.logoutSuccessHandler(new SignOut(mapper, providers.getIfAvailable())));
		}
		else {
			http.anonymous((anonymous) -> anonymous.authorities(Role.OPERATOR.authorities()));
			http.logout(ServerHttpSecurity.LogoutSpec::disable);
		}
		return http.build();
	}

	private static void headers(ServerHttpSecurity http, AccessProperties properties) {
		if (!properties.frameAncestors().isEmpty()) {
			// It knows no list of origins: browsers obey the policy alone
			http.headers((headers) -> headers.frameOptions(FrameOptionsSpec::disable));
		}
		http.headers((headers) -> headers
			.contentSecurityPolicy((policy) -> policy.policyDirectives(POLICY + properties.frameAncestorsPolicy()))
			.referrerPolicy((policy) -> policy.policy(ReferrerPolicy.NO_REFERRER))
			.crossOriginOpenerPolicy((policy) -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN)));
	}

	private static void passwordLogin(ServerHttpSecurity http, Refusals refusals,
			ServerAuthenticationSuccessHandler success) {
		http.formLogin((form) -> form.loginPage(Refusals.LOGIN_PATH)
			.authenticationSuccessHandler(success)
			.authenticationFailureHandler(refusals::refuseLogin));
		http.httpBasic((basic) -> basic.authenticationEntryPoint(refusals::demandLogin)
			.authenticationFailureHandler(refusals::refuseLogin));
	}

	private static Mono<MatchResult> changesSomething(ServerWebExchange exchange) {
		return HARMLESS.contains(exchange.getRequest().getMethod()) ? MatchResult.notMatch() : MatchResult.match();
	}

	/**
	 * Sends the token as a cookie with every response, as the page reads it from there.
	 */
	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	WebFilter csrfCookieFilter() {
		return (exchange, chain) -> {
			Mono<CsrfToken> token = exchange.getAttributeOrDefault(CsrfToken.class.getName(), Mono.empty());
			return token.then(chain.filter(exchange));
		};
	}

	/**
	 * The cookie is secure if the browser has asked with https, as the session is. Spring
	 * Security looks at the connection, which may end at a proxy.
	 */
	private static final class CsrfCookies implements ServerCsrfTokenRepository {

		private final ServerCsrfTokenRepository plain = cookies(false);

		private final ServerCsrfTokenRepository secure = cookies(true);

		private static ServerCsrfTokenRepository cookies(boolean secure) {
			CookieServerCsrfTokenRepository cookies = CookieServerCsrfTokenRepository.withHttpOnlyFalse();
			cookies.setCookieCustomizer((cookie) -> cookie.sameSite("Strict").secure(secure));
			return cookies;
		}

		private ServerCsrfTokenRepository cookies(ServerWebExchange exchange) {
			return "https".equalsIgnoreCase(exchange.getRequest().getURI().getScheme()) ? this.secure : this.plain;
		}

		@Override
		public Mono<CsrfToken> generateToken(ServerWebExchange exchange) {
			return cookies(exchange).generateToken(exchange);
		}

		@Override
		public Mono<Void> saveToken(ServerWebExchange exchange, @Nullable CsrfToken token) {
			return cookies(exchange).saveToken(exchange, token);
		}

		@Override
		public Mono<CsrfToken> loadToken(ServerWebExchange exchange) {
			return cookies(exchange).loadToken(exchange);
		}

	}

	/**
	 * Takes tokens from the header only. Another application on this machine, on another
	 * port, shares the cookies of this one: it could choose the cookie, and send a form
	 * with the same token, but no header.
	 */
	private static final class HeaderTokens extends ServerCsrfTokenRequestAttributeHandler {

		@Override
		public Mono<String> resolveCsrfTokenValue(ServerWebExchange exchange, CsrfToken token) {
			return Mono.justOrEmpty(exchange.getRequest().getHeaders().getFirst(token.getHeaderName()));
		}

	}

}
