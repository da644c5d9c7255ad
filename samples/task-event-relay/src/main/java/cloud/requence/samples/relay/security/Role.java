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

import java.util.Arrays;
import java.util.List;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;

/**
 * What a user may do. Each role includes those before it.
 */
public enum Role {

	/**
	 * Looks at the state of the relay and at dead letters.
	 */
	VIEWER,

	/**
	 * Also replays dead letters.
	 */
	OPERATOR;

	/**
	 * Return the authorities of this role and those that it includes.
	 */
	List<GrantedAuthority> authorities() {
		return AuthorityUtils.createAuthorityList(Arrays.stream(values())
			.filter((role) -> role.compareTo(this) <= 0)
			.map((role) -> "ROLE_" + role.name())
			.toList());
	}

	/**
	 * Return whether a user has this role.
	 * @param user the user
	 * @return whether this role, or one that includes it, is among those of the user
	 */
	public boolean isHeldBy(Authentication user) {
		return user.getAuthorities()
			.stream()
			.anyMatch((authority) -> ("ROLE_" + name()).equals(authority.getAuthority()));
	}

}
