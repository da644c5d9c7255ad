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
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.oidc.web.server.logout.OidcClientInitiatedServerLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.security.web.server.authentication.logout.RedirectServerLogoutSuccessHandler;
import org.springframework.security.web.server.authentication.logout.ServerLogoutSuccessHandler;

/**
 * Answers a logout with the address that the page goes to: that of the provider if it
 * ends its own session as well. A redirect to it would be followed by a request of the
 * page, which may not leave its origin.
 */
final class SignOut implements ServerLogoutSuccessHandler {

	private static final String LEFT = Refusals.LOGIN_PATH + "?left";

	private final JsonMapper mapper;

	private final ServerLogoutSuccessHandler redirect;

	SignOut(JsonMapper mapper, @Nullable ReactiveClientRegistrationRepository providers) {
		this.mapper = mapper;
		if (providers != null) {
			OidcClientInitiatedServerLogoutSuccessHandler handler = new OidcClientInitiatedServerLogoutSuccessHandler(
					providers);
			handler.setPostLogoutRedirectUri("{baseUrl}" + LEFT);
			handler.setLogoutSuccessUrl(URI.create(LEFT));
			this.redirect = handler;
		}
		else {
			RedirectServerLogoutSuccessHandler handler = new RedirectServerLogoutSuccessHandler();
			handler.setLogoutSuccessUrl(URI.create(LEFT));
			this.redirect = handler;
		}
	}

	@Override
	public Mono<Void> onLogoutSuccess(WebFilterExchange exchange, Authentication user) {
		ServerHttpResponse response = exchange.getExchange().getResponse();
		return this.redirect.onLogoutSuccess(exchange, user).then(Mono.defer(() -> {
			URI location = Objects.requireNonNull(response.getHeaders().getLocation());
			response.getHeaders().remove("Location");
			response.setStatusCode(HttpStatus.OK);
			response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
			response.getHeaders().setCacheControl(CacheControl.noStore());
			byte[] body = this.mapper.writeValueAsBytes(Map.of("location", location.toString()));
			return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
		}));
	}

}
