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

import java.util.Map;
import java.util.Set;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may use the board.
 *
 * @param hosts names by which browsers reach the board, besides {@code localhost} and
 * addresses
 * @param security settings of the login
 */
@ConfigurationProperties("dashboard")
record AccessProperties(@DefaultValue Set<String> hosts, @DefaultValue Security security) {

	/**
	 * Settings of the login.
	 *
	 * @param login when a login is demanded
	 * @param users the users by name
	 */
	record Security(@DefaultValue("auto") Login login, @DefaultValue Map<String, User> users) {

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

}
