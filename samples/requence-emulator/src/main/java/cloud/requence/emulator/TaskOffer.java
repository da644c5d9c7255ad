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

package cloud.requence.emulator;

/**
 * The response to a client that prepares a task.
 *
 * @param branch where the task will run
 * @param fileUrls whether it has the addresses for uploads
 * @param taskUrls whether the response to its creation has the address for watching the
 * task
 * @param limits whether it has the limits
 * @param maxPayloadSize the maximum size of the task in bytes, without claim checks
 * @param maxFileSize how many bytes a file may have
 */
record TaskOffer(String branch, boolean fileUrls, boolean taskUrls, boolean limits, int maxPayloadSize,
		long maxFileSize) {

}
