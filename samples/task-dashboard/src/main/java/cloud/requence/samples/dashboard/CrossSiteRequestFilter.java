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

package cloud.requence.samples.dashboard;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Lets only the page of this application change something. A page of another site that is
 * open in the same browser could send requests as well, but no header of ours, and
 * browsers say where they come from. Actuator takes JSON only, which another site would
 * have to ask for permission to send as well.
 */
@Component
class CrossSiteRequestFilter implements WebFilter {

	/**
	 * The header that the page sends, with any value. Another site would have to ask for
	 * permission to send it, which it is not given.
	 */
	static final String HEADER = "X-Task-Dashboard";

	private static final Set<HttpMethod> HARMLESS = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

	private static final byte[] REFUSAL = "{\"message\":\"Only the page of this application may do this.\"}"
		.getBytes(StandardCharsets.UTF_8);

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpRequest request = exchange.getRequest();
		boolean changes = !HARMLESS.contains(request.getMethod())
				&& request.getPath().pathWithinApplication().value().startsWith("/api/");
		return (!changes || isOwn(request)) ? chain.filter(exchange) : refuse(exchange.getResponse());
	}

	private static boolean isOwn(ServerHttpRequest request) {
		HttpHeaders headers = request.getHeaders();
		if (!headers.containsHeader(HEADER)) {
			return false;
		}
		String site = headers.getFirst("Sec-Fetch-Site");
		if (site != null) {
			return site.equals("same-origin");
		}
		String origin = headers.getOrigin();
		String host = headers.getFirst(HttpHeaders.HOST);
		return origin == null || (host != null && host.equalsIgnoreCase(authority(origin)));
	}

	private static @Nullable String authority(String origin) {
		try {
			return URI.create(origin).getRawAuthority();
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static Mono<Void> refuse(ServerHttpResponse response) {
		response.setStatusCode(HttpStatus.FORBIDDEN);
		response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
		DataBuffer body = response.bufferFactory().wrap(REFUSAL);
		return response.writeWith(Mono.just(body));
	}

}
