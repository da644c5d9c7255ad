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

package cloud.requence.task.stream;

import java.net.URI;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.AccessToken;

/**
 * What is asked of the platform when a connection is made.
 *
 * @param accessToken whom the connection belongs to
 * @param address where it goes, at the origin that the access token is meant for
 * @param since from when on updates are wanted, if no position is known; {@code null} for
 * all of them
 * @param lastPosition the last position that was received; {@code null} before the first
 */
public record StreamRequest(AccessToken accessToken, URI address, @Nullable Instant since,
		@Nullable Long lastPosition) {

	/**
	 * Ask for the updates of all tasks.
	 * @param accessToken whom the connection belongs to, and where it goes
	 * @param since from when on updates are wanted, if no position is known
	 * @param lastPosition the last position that was received; {@code null} before the
	 * first
	 * @return the request
	 */
	public static StreamRequest forAllTasks(AccessToken accessToken, Instant since, @Nullable Long lastPosition) {
		return new StreamRequest(accessToken, URI.create(accessToken.baseUrl() + "/task/watch-all"), since,
				lastPosition);
	}

}
