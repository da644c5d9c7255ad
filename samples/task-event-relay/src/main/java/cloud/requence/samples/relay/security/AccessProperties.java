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

package cloud.requence.samples.relay.security;

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may use the page.
 *
 * @param users users of the login form by name
 * @param oidc how users of an OpenID provider get their roles
 */
@ConfigurationProperties("relay.security")
record AccessProperties(@DefaultValue Map<String, User> users, @DefaultValue Oidc oidc) {

	/**
	 * A user of the login form.
	 *
	 * @param password the password, plain or encoded as in <code>{bcrypt}$2a$10$…</code>
	 * @param role what the user may do
	 */
	record User(@Nullable String password, @DefaultValue("viewer") Role role) {

		User {
			if (password == null || password.isBlank()) {
				throw new IllegalArgumentException("A user of the relay needs a password");
			}
		}

		@Override
		public String toString() {
			return "User[role=" + this.role + "]";
		}

	}

	/**
	 * How users of an OpenID provider get their roles. Who has none may do nothing.
	 *
	 * @param roleClaim the claim of the ID token that lists roles or groups
	 * @param viewers values of the claim that make a viewer
	 * @param operators values of the claim that make an operator
	 */
	record Oidc(@DefaultValue("roles") String roleClaim, @DefaultValue("relay-viewer") Set<String> viewers,
			@DefaultValue("relay-operator") Set<String> operators) {

	}

}
