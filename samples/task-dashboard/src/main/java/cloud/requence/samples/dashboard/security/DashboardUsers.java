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

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.security.autoconfigure.SecurityProperties;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * The users of the board, from its own settings and from {@code spring.security.user}.
 */
final class DashboardUsers implements ReactiveUserDetailsService {

	private final Map<String, UserDetails> users = new LinkedHashMap<>();

	private @Nullable UserDetails unknown;

	private final PasswordEncoder encoder;

	DashboardUsers(Map<String, AccessProperties.User> users, SecurityProperties.User bootUser,
			PasswordEncoder encoder) {
		this.encoder = encoder;
		users.forEach((name, user) -> add(name, user.password(), user.role()));
		if (!bootUser.isPasswordGenerated()) {
			add(bootUser.getName(), bootUser.getPassword(), role(bootUser));
		}
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
	public Mono<UserDetails> findByUsername(String name) {
		// A copy, as its password is erased after the login
		return Mono.justOrEmpty(this.users.getOrDefault(name, this.unknown))
			.map((user) -> User.withUserDetails(user).build());
	}

	private UserDetails user(String name, String password, Role role) {
		String encoded = password.matches("\\{\\w+}.*") ? password : this.encoder.encode(password);
		return User.withUsername(name).password(encoded).authorities(role.authorities()).build();
	}

	/**
	 * The user of {@code spring.security.user} is an operator unless its roles say
	 * otherwise.
	 */
	private static Role role(SecurityProperties.User user) {
		return user.getRoles().isEmpty() || Role.OPERATOR.isHeldBy(AuthorityUtils.createAuthorityList(
				user.getRoles().stream().map((role) -> "ROLE_" + role.toUpperCase(Locale.ROOT)).toList()))
						? Role.OPERATOR : Role.VIEWER;
	}

}
