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

import java.net.InetAddress;
import java.util.Objects;

import cloud.requence.samples.dashboard.security.AccessProperties.Login;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

/**
 * Decides whether a login is demanded: by default if others than the users of this
 * machine can reach the board, directly or through a proxy.
 */
final class LoginRequirement {

	private final Login login;

	private final boolean users;

	private final @Nullable String exposure;

	/**
	 * Create a requirement.
	 * @param login the setting
	 * @param users whether users are configured
	 * @param proxyExpected whether a proxy on this machine may stand in front of the
	 * board; not for a demo, which has nothing to protect
	 * @param server the address of the board
	 * @param management the address of the actuator
	 */
	LoginRequirement(Login login, boolean users, boolean proxyExpected, ServerProperties server,
			ManagementServerProperties management) {
		this.login = login;
		this.users = users;
		this.exposure = exposure(proxyExpected, server, management);
	}

	boolean isDemanded() {
		return switch (this.login) {
			case ALWAYS -> true;
			case NEVER -> false;
			case AUTO -> this.users || this.exposure != null;
		};
	}

	/**
	 * Return the setting by which other machines reach the board.
	 * @return the setting, {@code null} if they do not
	 */
	@Nullable String exposure() {
		return this.exposure;
	}

	private static @Nullable String exposure(boolean proxyExpected, ServerProperties server,
			ManagementServerProperties management) {
		if (isExposed(server.getAddress())) {
			return "server.address is not a loopback address";
		}
		if (proxyExpected) {
			return "dashboard.hosts or server.forward-headers-strategy is set";
		}
		boolean ownPort = management.getPort() != null && management.getPort() >= 0
				&& !Objects.equals(management.getPort(), server.getPort());
		return (ownPort && isExposed(management.getAddress())) ? "management.server.address is not a loopback address"
				: null;
	}

	private static boolean isExposed(@Nullable InetAddress address) {
		return address == null || !address.isLoopbackAddress();
	}

}
