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

package cloud.requence.task.autoconfigure.testcontainers;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;

import cloud.requence.task.AccessToken;
import cloud.requence.task.autoconfigure.RequenceTaskConnectionDetails;

/**
 * Connects an application to a {@link RequenceEmulatorContainer} that has
 * {@code @ServiceConnection}.
 */
class RequenceEmulatorContainerConnectionDetailsFactory
		extends ContainerConnectionDetailsFactory<RequenceEmulatorContainer, RequenceTaskConnectionDetails> {

	@Override
	protected RequenceTaskConnectionDetails getContainerConnectionDetails(
			ContainerConnectionSource<RequenceEmulatorContainer> source) {
		return new RequenceEmulatorContainerConnectionDetails(source);
	}

	private static final class RequenceEmulatorContainerConnectionDetails
			extends ContainerConnectionDetails<RequenceEmulatorContainer> implements RequenceTaskConnectionDetails {

		RequenceEmulatorContainerConnectionDetails(ContainerConnectionSource<RequenceEmulatorContainer> source) {
			super(source);
		}

		@Override
		public AccessToken getAccessToken() {
			return getContainer().getAccessToken();
		}

		@Override
		public @Nullable SslBundle getSslBundle() {
			return super.getSslBundle();
		}

	}

}
