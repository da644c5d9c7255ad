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

import java.net.URI;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.server.DefaultServerRedirectStrategy;
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.ServerRedirectStrategy;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.security.web.server.authentication.RedirectServerAuthenticationEntryPoint;
import org.springframework.security.web.server.csrf.CsrfException;
import org.springframework.security.web.server.savedrequest.ServerRequestCache;
import org.springframework.web.server.ServerWebExchange;

/**
 * Answers requests that are not allowed: pages lead to the login, everything else gets a
 * reason in JSON. Logs them, so that operators see who tries what.
 */
final class Refusals {

	static final String LOGIN_PATH = "/login";

	private static final Logger logger = LoggerFactory.getLogger(Refusals.class);

	private final JsonMapper mapper;

	private final ServerAuthenticationEntryPoint loginPage;

	private final ServerRedirectStrategy redirects = new DefaultServerRedirectStrategy();

	/**
	 * Create refusals.
	 * @param mapper writes reasons
	 * @param loginPath where pages lead to
	 * @param requestCache remembers the page that was asked for
	 */
	Refusals(JsonMapper mapper, String loginPath, ServerRequestCache requestCache) {
		this.mapper = mapper;
		RedirectServerAuthenticationEntryPoint redirect = new RedirectServerAuthenticationEntryPoint(loginPath);
		redirect.setRequestCache(requestCache);
		this.loginPage = redirect;
	}

	/**
	 * Demand a login. There is no challenge, so that browsers never store a password that
	 * they would add to the requests of other sites.
	 */
	Mono<Void> demandLogin(ServerWebExchange exchange, AuthenticationException reason) {
		if (isPage(exchange.getRequest())) {
			return this.loginPage.commence(exchange, reason);
		}
		return answer(exchange.getResponse(), HttpStatus.UNAUTHORIZED, "Please sign in.");
	}

	Mono<Void> refuseLogin(WebFilterExchange filtered, AuthenticationException reason) {
		ServerWebExchange exchange = filtered.getExchange();
		return Caller.of(exchange).flatMap((caller) -> {
			Authentication login = reason.getAuthenticationRequest();
			logger.info("Login as '{}' refused: {} ({})", (login != null) ? Caller.printable(login.getName()) : "",
					caller, reason.getClass().getSimpleName());
			return answer(exchange.getResponse(), HttpStatus.UNAUTHORIZED, "The name or the password is wrong.");
		});
	}

	/**
	 * Refuse a login through a provider. The browser comes from there, and is led to a
	 * page that says why.
	 */
	Mono<Void> refuseProvider(WebFilterExchange filtered, AuthenticationException reason) {
		ServerWebExchange exchange = filtered.getExchange();
		return Caller.of(exchange).flatMap((caller) -> {
			if (reason instanceof MissingRoleException missing) {
				logger.info("Login as '{}' refused: {} (has no role of the board)", Caller.printable(missing.user()),
						caller);
				return this.redirects.sendRedirect(exchange, URI.create(LOGIN_PATH + "?refused=role"));
			}
			String error = (reason instanceof OAuth2AuthenticationException ex) ? ex.getError().getErrorCode()
					: String.valueOf(reason.getCause());
			logger.info("Login through the provider refused: {} ({})", caller, Caller.printable(error));
			return this.redirects.sendRedirect(exchange, URI.create(LOGIN_PATH + "?refused=provider"));
		});
	}

	Mono<Void> deny(ServerWebExchange exchange, AccessDeniedException reason) {
		boolean foreign = reason instanceof CsrfException;
		return Caller.of(exchange).flatMap((caller) -> {
			ServerHttpRequest request = exchange.getRequest();
			String task = request.getQueryParams().getFirst("id");
			logger.info("{} {}{} refused: {} {}", request.getMethod(),
					Caller.printable(request.getPath().pathWithinApplication().value()),
					(task != null) ? "?id=" + Caller.printable(task) : "", caller,
					foreign ? "has not sent the token of this board's page" : "is not an operator");
			return answer(exchange.getResponse(), HttpStatus.FORBIDDEN,
					foreign ? "Only the page of this application may do this. Reload it and try again."
							: "Only operators may do this.");
		});
	}

	private static boolean isPage(ServerHttpRequest request) {
		return request.getMethod() == HttpMethod.GET
				&& request.getHeaders().getAccept().stream().anyMatch(MediaType.TEXT_HTML::equalsTypeAndSubtype);
	}

	private Mono<Void> answer(ServerHttpResponse response, HttpStatus status, String detail) {
		response.setStatusCode(status);
		response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		response.getHeaders().setCacheControl(CacheControl.noStore());
		byte[] body = this.mapper.writeValueAsBytes(ProblemDetail.forStatusAndDetail(status, detail));
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
	}

}
