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

package cloud.requence.samples.dashboard.payload;

import java.util.Optional;

/**
 * Keeps the payloads of tasks. Safe for use by any thread.
 */
public interface PayloadSource {

	/**
	 * Return a payload of a task.
	 * @param taskId the task's identifier
	 * @param address which payload
	 * @return the payload, or empty if it is not kept
	 */
	Optional<KeptPayload> payload(String taskId, PayloadAddress address);

	/**
	 * Return the alias of a node, by which the platform knows its data.
	 * @param taskId the task's identifier
	 * @param node the node's identifier
	 * @return the alias, or empty if the node has none or is not known
	 */
	Optional<String> alias(String taskId, String node);

}
