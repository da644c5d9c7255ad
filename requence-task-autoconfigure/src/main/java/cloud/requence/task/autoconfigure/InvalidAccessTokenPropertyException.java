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

import cloud.requence.task.InvalidAccessTokenException;

/**
 * The access token of the properties is missing or cannot be used.
 */
class InvalidAccessTokenPropertyException extends InvalidAccessTokenException implements PropertyFailure {

	private final String property;

	InvalidAccessTokenPropertyException(String property, String message) {
		super(message);
		this.property = property;
	}

	@Override
	public String property() {
		return this.property;
	}

	@Override
	public String remedy() {
		return "Set '" + AccessTokenProperty.TASK + "', or one of the environment variables"
				+ " REQUENCE_TASK_ACCESS_TOKEN and REQUENCE_ACCESS_TOKEN, to an access token for tasks"
				+ " as Requence issues it.";
	}

}
