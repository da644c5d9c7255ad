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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * The users of the login form.
 */
final class RelayUsers implements UserDetailsService {

	private final Map<String, UserDetails> users = new LinkedHashMap<>();

	private final PasswordEncoder encoder;

	private @Nullable UserDetails unknown;

	RelayUsers(Map<String, AccessProperties.User> users, PasswordEncoder encoder) {
		this.encoder = encoder;
		users.forEach((name, user) -> add(name, String.valueOf(user.password()), user.role()));
	}

	boolean isEmpty() {
		return this.users.isEmpty();
	}

	void add(String name, String password, Role role) {
		this.users.put(name, user(name, password, role));
		if (this.unknown == null) {
			// An unknown name takes as long as a wrong password
			this.unknown = user("unknown", UUID.randomUUID().toString(), Role.VIEWER);
		}
	}

	@Override
	public UserDetails loadUserByUsername(String name) {
		UserDetails user = this.users.getOrDefault(name, this.unknown);
		if (user == null) {
			throw UsernameNotFoundException.fromUsername(name);
		}
		// A copy, as its password is erased after the login
		return User.withUserDetails(user).build();
	}

	private UserDetails user(String name, String password, Role role) {
		String encoded = password.matches("\\{\\w+}.*") ? password : this.encoder.encode(password);
		return User.withUsername(name).password(encoded).authorities(role.authorities()).build();
	}

}
