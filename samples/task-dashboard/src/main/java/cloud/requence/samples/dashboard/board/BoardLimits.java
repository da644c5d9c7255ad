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

package cloud.requence.samples.dashboard.board;

import org.springframework.util.unit.DataSize;

/**
 * How much a board keeps.
 *
 * @param finishedTasks how many finished tasks
 * @param openTasks how many tasks that have not ended
 * @param nodes how many nodes of a task
 * @param marks how many marks of a node
 * @param outputs how many named outputs of a node
 * @param payload how much of a single payload
 * @param size about how much in total
 */
record BoardLimits(int finishedTasks, int openTasks, int nodes, int marks, int outputs, DataSize payload,
		DataSize size) {

	static final BoardLimits DEFAULT = new BoardLimits(500, 2000, 100, 100, 4, DataSize.ofKilobytes(64),
			DataSize.ofMegabytes(64));

	BoardLimits withTasks(int finishedTasks, int openTasks) {
		return new BoardLimits(finishedTasks, openTasks, this.nodes, this.marks, this.outputs, this.payload, this.size);
	}

	BoardLimits withSize(DataSize payload, DataSize size) {
		return new BoardLimits(this.finishedTasks, this.openTasks, this.nodes, this.marks, this.outputs, payload, size);
	}

	int maxPayload() {
		return (int) this.payload.toBytes();
	}

}
