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

package cloud.requence.task.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.ssl.SslBundle;

import cloud.requence.task.AccessToken;

/**
 * The address of the platform and the credentials to connect to it. A bean of this type
 * replaces the properties {@code requence.task.access-token}, {@code base-url} and
 * {@code ssl.bundle}.
 */
public interface RequenceTaskConnectionDetails extends ConnectionDetails {

	/**
	 * Return the access token with the address that it is for. Called before the first
	 * connection and whenever the platform has refused a token, as it may have been
	 * replaced by then.
	 * @return the access token
	 */
	AccessToken getAccessToken();

	/**
	 * Return the SSL bundle to connect with. Called once.
	 * @return the bundle, or {@code null} to connect as the application's other clients
	 * do
	 */
	default @Nullable SslBundle getSslBundle() {
		return null;
	}

}
