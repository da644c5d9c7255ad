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

package cloud.requence.emulator.scenario;

import java.util.Map;

/**
 * The files, streams and large values in the input or data of a task.
 */
@FunctionalInterface
interface Attachments {

	Attachments NONE = (documents, data) -> Map.of();

	/**
	 * Return what there is.
	 * @param documents where it is kept
	 * @param data what the task is about
	 * @return the attachments by their names
	 */
	Map<String, Object> of(Documents documents, CaseData data);

}
