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

import org.jspecify.annotations.Nullable;

import cloud.requence.task.UpdateType;

/**
 * Which members the updates of a type have besides those that all have.
 */
enum UpdateShape {

	TASK_START("input", null, false),

	NODE_START(null, null, true),

	NODE_UPDATE("data", "output", true),

	NODE_ERROR(null, "error", true),

	NODE_DEFER(null, "reason", true),

	NODE_END(null, null, true),

	TASK_END("result", "exit", false),

	TASK_ERROR(null, "reason", false),

	TASK_ABORTED(null, "reason", false),

	UNKNOWN(null, null, false);

	private final UpdateType type;

	private final @Nullable String payload;

	private final @Nullable String text;

	private final boolean node;

	UpdateShape(@Nullable String payload, @Nullable String text, boolean node) {
		this.type = UpdateType.valueOf(name());
		this.payload = payload;
		this.text = text;
		this.node = node;
	}

	UpdateType type() {
		return this.type;
	}

	boolean isPayload(String member) {
		return member.equals(this.payload);
	}

	boolean isText(String member) {
		return member.equals(this.text);
	}

	boolean hasNode() {
		return this.node;
	}

	static UpdateShape ofFrameType(String frameType) {
		return switch (frameType) {
			case "taskStart" -> TASK_START;
			case "nodeStart" -> NODE_START;
			case "nodeUpdate" -> NODE_UPDATE;
			case "nodeError" -> NODE_ERROR;
			case "nodeDefer" -> NODE_DEFER;
			case "nodeEnd" -> NODE_END;
			case "taskEnd" -> TASK_END;
			case "taskError" -> TASK_ERROR;
			case "taskAborted" -> TASK_ABORTED;
			default -> UNKNOWN;
		};
	}

}
