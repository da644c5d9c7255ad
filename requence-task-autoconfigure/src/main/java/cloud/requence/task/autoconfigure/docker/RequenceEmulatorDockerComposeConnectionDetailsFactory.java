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

package cloud.requence.task.autoconfigure.docker;

import java.net.URI;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.ssl.SslBundle;

import cloud.requence.task.AccessToken;
import cloud.requence.task.autoconfigure.RequenceTaskConnectionDetails;

/**
 * Connects an application to a service whose image is called {@code requence-emulator},
 * or whose label {@code org.springframework.boot.service-connection} says so.
 */
class RequenceEmulatorDockerComposeConnectionDetailsFactory
		extends DockerComposeConnectionDetailsFactory<RequenceTaskConnectionDetails> {

	RequenceEmulatorDockerComposeConnectionDetailsFactory() {
		super("requence-emulator");
	}

	@Override
	protected RequenceTaskConnectionDetails getDockerComposeConnectionDetails(DockerComposeConnectionSource source) {
		return new RequenceEmulatorDockerComposeConnectionDetails(source.getRunningService());
	}

	private static final class RequenceEmulatorDockerComposeConnectionDetails extends DockerComposeConnectionDetails
			implements RequenceTaskConnectionDetails {

		private final AccessToken accessToken;

		private final @Nullable SslBundle sslBundle;

		RequenceEmulatorDockerComposeConnectionDetails(RunningService service) {
			super(service);
			this.accessToken = accessToken(service);
			this.sslBundle = getSslBundle(service);
		}

		private static AccessToken accessToken(RunningService service) {
			Map<String, @Nullable String> environment = service.env();
			// These are the emulator's own defaults
			String port = Objects.requireNonNullElse(environment.get("REQUENCE_EMULATOR_PORT"), "9420");
			String secret = Objects.requireNonNullElse(environment.get("REQUENCE_EMULATOR_SECRET"), "emulator-secret");
			int mappedPort = service.ports().get(Integer.parseInt(port));
			return AccessToken.of(secret, URI.create("http://" + service.host() + ":" + mappedPort + "/api"));
		}

		@Override
		public AccessToken getAccessToken() {
			return this.accessToken;
		}

		@Override
		public @Nullable SslBundle getSslBundle() {
			return this.sslBundle;
		}

	}

}
