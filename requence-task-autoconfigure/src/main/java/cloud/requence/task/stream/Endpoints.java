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

import org.springframework.web.util.UriUtils;

import cloud.requence.task.AccessToken;

/**
 * The addresses of the platform that a watcher calls.
 */
public final class Endpoints {

	private Endpoints() {
	}

	static URI watchAll(AccessToken accessToken) {
		return URI.create(accessToken.baseUrl() + "/task/watch-all");
	}

	/**
	 * Return where the end of a task is acknowledged.
	 * @param accessToken the access token
	 * @param taskId the identifier of the task, which becomes one segment of the path
	 * @return the address
	 */
	public static URI acknowledge(AccessToken accessToken, String taskId) {
		return URI.create(accessToken.baseUrl() + "/task/ack/" + UriUtils.encode(taskId, "UTF-8"));
	}

}
