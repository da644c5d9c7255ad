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

import cloud.requence.samples.dashboard.security.AccessProperties.Login;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoginRequirement}.
 */
class LoginRequirementTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			# login | address   | users | proxy | actuator port | its address | demanded
			AUTO    | 127.0.0.1 | false | false | -             | -           | false
			AUTO    | ::1       | false | false | -             | -           | false
			AUTO    | 127.0.0.1 | true  | false | -             | -           | true
			AUTO    | 127.0.0.1 | false | true  | -             | -           | true
			AUTO    | -         | false | false | -             | -           | true
			AUTO    | 0.0.0.0   | false | false | -             | -           | true
			AUTO    | 192.0.2.1 | false | false | -             | -           | true
			AUTO    | 127.0.0.1 | false | false | 9090          | -           | true
			AUTO    | 127.0.0.1 | false | false | 8080          | -           | false
			AUTO    | 127.0.0.1 | false | false | -1            | -           | false
			AUTO    | 127.0.0.1 | false | false | 9090          | 127.0.0.1   | false
			ALWAYS  | 127.0.0.1 | false | false | -             | -           | true
			NEVER   | 0.0.0.0   | true  | true  | -             | -           | false
			""")
	void isDemandedIfOthersCanReachTheBoard(Login login, @Nullable InetAddress address, boolean users, boolean proxy,
			@Nullable Integer managementPort, @Nullable InetAddress managementAddress, boolean demanded) {
		ServerProperties server = new ServerProperties();
		server.setPort(8080);
		server.setAddress(address);
		ManagementServerProperties management = new ManagementServerProperties();
		management.setPort(managementPort);
		management.setAddress(managementAddress);
		assertThat(new LoginRequirement(login, users, proxy, server, management).isDemanded()).isEqualTo(demanded);
	}

}
