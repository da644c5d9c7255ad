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

import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The login page, and what the board's page has to know about its user.
 */
@RestController
class SessionController {

	private final DashboardUsers users;

	private final OpenIdLogin openId;

	SessionController(DashboardUsers users, OpenIdLogin openId) {
		this.users = users;
		this.openId = openId;
	}

	@GetMapping(path = "/login", produces = MediaType.TEXT_HTML_VALUE)
	Resource login() {
		return new ClassPathResource("static/login.html");
	}

	/**
	 * Return how users can sign in.
	 */
	@GetMapping("/api/login")
	LoginWays ways() {
		return new LoginWays(!this.users.isEmpty(), this.openId.links());
	}

	@GetMapping("/api/session")
	Mono<ResponseEntity<Session>> session(Authentication user) {
		boolean anonymous = user instanceof AnonymousAuthenticationToken;
		Session session = new Session(anonymous ? null : user.getName(), Role.OPERATOR.isHeldBy(user.getAuthorities()));
		return Mono.just(ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(session));
	}

	/**
	 * How users can sign in.
	 *
	 * @param password whether with a name and a password
	 * @param providers through which providers
	 */
	record LoginWays(boolean password, List<OpenIdLogin.Link> providers) {

	}

	/**
	 * What a browser knows about its user.
	 *
	 * @param user the name; {@code null} without a login
	 * @param operator whether actions are allowed
	 */
	record Session(@Nullable String user, boolean operator) {

	}

}
