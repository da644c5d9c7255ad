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

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.authority.mapping.GrantedAuthoritiesMapper;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.user.OidcUserAuthority;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the roles of users of an OpenID provider.
 */
class RolesByClaimTests {

	private final GrantedAuthoritiesMapper mapper = SecurityConfiguration
		.rolesByClaim(new AccessProperties.Oidc("groups", Set.of("staff", "support"), Set.of("audit")));

	private Collection<? extends GrantedAuthority> roles(Map<String, Object> claims) {
		OidcIdToken token = new OidcIdToken("token", Instant.EPOCH, Instant.EPOCH.plusSeconds(1), claims);
		return this.mapper
			.mapAuthorities(List.of(new OidcUserAuthority(token), new SimpleGrantedAuthority("SCOPE_ROLE_OPERATOR")));
	}

	static Stream<Arguments> claims() {
		return Stream.of(Arguments.of(List.of("audit"), List.of("ROLE_VIEWER", "ROLE_OPERATOR")),
				Arguments.of(List.of("staff", "audit", "audit"), List.of("ROLE_VIEWER", "ROLE_OPERATOR")),
				Arguments.of(List.of("support", "other"), List.of("ROLE_VIEWER")),
				Arguments.of("audit", List.of("ROLE_VIEWER", "ROLE_OPERATOR")), Arguments.of("operator", List.of()),
				Arguments.of(List.of(), List.of()), Arguments.of(7, List.of()),
				Arguments.of(Map.of("audit", "audit"), List.of()));
	}

	@ParameterizedTest
	@MethodSource("claims")
	void followFromTheClaim(Object claim, List<String> expected) {
		assertThat(roles(Map.of("sub", "anna", "groups", claim))).extracting(GrantedAuthority::getAuthority)
			.containsExactlyElementsOf(expected);
	}

	@Test
	void areNoneWithoutTheClaim() {
		assertThat(roles(Map.of("sub", "anna", "roles", List.of("audit")))).isEmpty();
	}

}
