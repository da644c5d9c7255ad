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

package cloud.requence.task.client;

import java.net.URI;

import org.jspecify.annotations.Nullable;

/**
 * The response of the platform to the preparation of a task.
 *
 * @param taskId the identifier that the task will have
 * @param finalizeUrl where to create it
 * @param branch the branch of the template that it will run
 * @param fileUrls where to upload files; {@code null} if uploads are not possible
 * @param limits the limits; {@code null} if the platform does not return it
 */
record PreparedTask(@Nullable String taskId, @Nullable URI finalizeUrl, @Nullable String branch,
		@Nullable FileUrls fileUrls, @Nullable Limits limits) {

	private static final long DEFAULT_MAX_PAYLOAD = 4 * 1024 * 1024;

	/**
	 * Return how many bytes the task may have.
	 * @return the number of bytes; zero or less for any number
	 */
	long maxPayloadSize() {
		return (this.limits != null && this.limits.maxPayloadSize() != null) ? this.limits.maxPayloadSize()
				: DEFAULT_MAX_PAYLOAD;
	}

	/**
	 * Return how many bytes a file may have.
	 * @return the number of bytes; zero if the platform does not return it
	 */
	long maxFileSize() {
		return (this.limits != null && this.limits.maxFileSize() != null) ? this.limits.maxFileSize() : 0;
	}

	/**
	 * Where to upload files.
	 *
	 * @param uploadUrl for files and large values
	 * @param streamUrl for streams
	 */
	record FileUrls(@Nullable URI uploadUrl, @Nullable URI streamUrl) {

	}

	/**
	 * The limits of a task.
	 *
	 * @param maxPayloadSize how many bytes the task may have
	 * @param maxFileSize how many bytes a file may have
	 */
	record Limits(@Nullable Long maxPayloadSize, @Nullable Long maxFileSize) {

	}

}
