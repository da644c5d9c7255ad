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
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may use the board.
 *
 * @param hosts names by which browsers reach the board, besides {@code localhost} and
 * addresses
 * @param frameAncestors origins whose pages may embed the board, such as
 * {@code https://wall.example.com}
 * @param security settings of the login
 */
@ConfigurationProperties("dashboard")
record AccessProperties(@DefaultValue Set<String> hosts, @DefaultValue List<String> frameAncestors,
		@DefaultValue Security security) {

	private static final Pattern ORIGIN = Pattern
		.compile("https?://(\\*\\.)?[\\p{Alnum}.-]+(:\\d{1,5})?|https?://\\[[\\p{XDigit}:]+](:\\d{1,5})?");

	AccessProperties {
		for (String origin : frameAncestors) {
			if (!ORIGIN.matcher(origin).matches()) {
				throw new IllegalArgumentException("dashboard.frame-ancestors must be origins such as "
						+ "https://wall.example.com, and '" + origin + "' is none");
			}
		}
	}

	/**
	 * Return who may embed the board, as a content security policy says it.
	 */
	String frameAncestorsPolicy() {
		return "frame-ancestors " + (this.frameAncestors.isEmpty() ? "'none'" : String.join(" ", this.frameAncestors));
	}

	/**
	 * Settings of the login.
	 *
	 * @param login when a login is demanded
	 * @param users the users of the login form by name
	 * @param oidc how users of an OpenID provider get their roles
	 */
	record Security(@DefaultValue("auto") Login login, @DefaultValue Map<String, User> users, @DefaultValue Oidc oidc) {

	}

	/**
	 * When a login is demanded.
	 */
	enum Login {

		/**
		 * If the board can be reached from other machines, or has users.
		 */
		AUTO,

		/**
		 * Always.
		 */
		ALWAYS,

		/**
		 * Never: everyone who can reach the board may do everything.
		 */
		NEVER

	}

	/**
	 * A user.
	 *
	 * @param password the password, plain or encoded as in <code>{bcrypt}$2a$10$…</code>
	 * @param role what the user may do
	 */
	record User(String password, @DefaultValue("viewer") Role role) {

		User {
			if (password == null || password.isBlank()) {
				throw new IllegalArgumentException("A user of the board needs a password");
			}
		}

		@Override
		public String toString() {
			return "User[role=" + this.role + "]";
		}

	}

	/**
	 * How users of an OpenID provider get their roles. Who has none is refused.
	 *
	 * @param roleClaim the claim that lists roles or groups; a path with dots for a claim
	 * inside of others, such as {@code realm_access.roles}
	 * @param viewers values of the claim that make a viewer
	 * @param operators values of the claim that make an operator
	 */
	record Oidc(@DefaultValue("roles") String roleClaim, @DefaultValue("dashboard-viewer") Set<String> viewers,
			@DefaultValue("dashboard-operator") Set<String> operators) {

	}

}
