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

import tools.jackson.databind.JsonNode;

/**
 * Runs the tasks that clients create from a template.
 */
@FunctionalInterface
public interface TaskHandler {

	/**
	 * Run a task that has just started. Called on a separate thread for each task, which
	 * may block. A task that has not ended when this method returns stays open.
	 * @param task the task
	 * @param input its input, as the client sent it; what it refers to can be
	 * {@linkplain EmulatedFiles#content(String) read}
	 * @throws Exception to let the task fail
	 */
	void run(TaskScript task, JsonNode input) throws Exception;

}
