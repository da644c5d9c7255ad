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

package cloud.requence.task.faults;

import org.jspecify.annotations.Nullable;

/**
 * An update that the platform sends.
 *
 * @param position its position
 * @param type its type on the wire
 * @param taskId the task
 * @param rootTaskId the root task; {@code null} if the task is one
 * @param requireAck whether it is an end to be acknowledged
 */
record ScriptedUpdate(long position, String type, String taskId, @Nullable String rootTaskId, boolean requireAck) {

	String root() {
		return (this.rootTaskId != null) ? this.rootTaskId : this.taskId;
	}

	String frame() {
		String root = (this.rootTaskId != null) ? "\"rootTaskId\":\"" + this.rootTaskId + "\"," : "";
		String members = switch (this.type) {
			case "taskStart" -> "\"input\":1";
			case "taskEnd" -> "\"result\":2,\"requireAck\":" + this.requireAck;
			case "taskError" -> "\"reason\":\"failed\",\"requireAck\":" + this.requireAck;
			default -> "\"node\":{\"id\":\"n\",\"type\":\"service\",\"alias\":\"scan\"}";
		};
		return "id: " + this.position + "\nevent: " + this.type + "\ndata: {\"taskId\":\"" + this.taskId + "\"," + root
				+ "\"updateId\":\"u-" + this.position + "\"," + members + "}\n\n";
	}

}
