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

package cloud.requence.task.watcher;

import java.net.URI;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.AccessToken;
import cloud.requence.task.RequenceTaskException;

/**
 * The access token of a watcher, as long as it is one for the platform that is watched:
 * neither streams nor acknowledgements may go to another one.
 */
final class PlatformToken implements Supplier<AccessToken> {

	private final String watcher;

	private final Supplier<AccessToken> accessToken;

	private volatile @Nullable URI watched;

	PlatformToken(String watcher, Supplier<AccessToken> accessToken) {
		this.watcher = watcher;
		this.accessToken = accessToken;
	}

	/**
	 * Return the present token.
	 * @throws OtherPlatformException if it is one for another platform
	 */
	@Override
	public AccessToken get() {
		AccessToken current = this.accessToken.get();
		URI expected = this.watched;
		if (expected != null && !expected.equals(current.baseUrl())) {
			throw new OtherPlatformException(this.watcher, expected, current.baseUrl());
		}
		return current;
	}

	/**
	 * Return the platform of the present token, which may be another one.
	 */
	URI baseUrl() {
		return this.accessToken.get().baseUrl();
	}

	/**
	 * Set the platform that is watched from now on.
	 * @return whether another one was watched before
	 */
	boolean watch(URI baseUrl) {
		URI before = this.watched;
		this.watched = baseUrl;
		return before != null && !before.equals(baseUrl);
	}

	/**
	 * The access token belongs to another platform than the one that is watched.
	 */
	static final class OtherPlatformException extends RequenceTaskException {

		OtherPlatformException(String watcher, URI watched, URI other) {
			super("The access token of task watcher '" + watcher + "' now belongs to " + other
					+ ", but its positions and tasks belong to " + watched);
		}

	}

}
