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

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Answers only to names that this application has. A page could let its own name lead to
 * this machine, and would then count as the page of this application.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class HostFilter implements WebFilter {

	private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[\\p{XDigit}:.]+]");

	private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");

	private final Set<String> names;

	HostFilter(AccessProperties properties) {
		this.names = properties.hosts()
			.stream()
			.map((name) -> name.toLowerCase(Locale.ROOT))
			.collect(Collectors.toSet());
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (isOwn(exchange.getRequest().getHeaders().getFirst(HttpHeaders.HOST))) {
			return chain.filter(exchange);
		}
		exchange.getResponse().setStatusCode(HttpStatus.MISDIRECTED_REQUEST);
		return exchange.getResponse().setComplete();
	}

	private boolean isOwn(@Nullable String host) {
		if (host == null) {
			return true;
		}
		String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
		return name.equals("localhost") || ADDRESS.matcher(name).matches() || this.names.contains(name);
	}

}
