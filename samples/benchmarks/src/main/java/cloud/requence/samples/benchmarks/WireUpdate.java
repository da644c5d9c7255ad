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

package cloud.requence.samples.benchmarks;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An update as one would declare it without the starter.
 *
 * @param taskId the task
 * @param updateId the update
 * @param rootTaskId the root task, if it is another one
 * @param name the name of the task
 * @param timestamp when it happened
 * @param node the node
 * @param input the input of a start
 * @param data the data of a node
 * @param result the result of an end
 */
record WireUpdate(UUID taskId, UUID updateId, @Nullable UUID rootTaskId, String name, Instant timestamp,
		@Nullable WireNode node, @Nullable JsonNode input, @Nullable JsonNode data, @Nullable JsonNode result) {

	/**
	 * Return the update's payload.
	 */
	@Nullable JsonNode payload() {
		if (this.data != null) {
			return this.data;
		}
		return (this.input != null) ? this.input : this.result;
	}

	/**
	 * A node.
	 *
	 * @param id its identifier
	 * @param type its type
	 * @param alias its alias
	 */
	record WireNode(String id, String type, @Nullable String alias) {
	}

	/**
	 * An update with its position, as an event.
	 *
	 * @param position the position
	 * @param update the update
	 */
	record Received(long position, WireUpdate update) {
	}
}
