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
 * @param openTasks how many tasks that have not ended
 * @param succeededTasks how many tasks that have succeeded
 * @param failedTasks how many tasks that have failed
 * @param abortedTasks how many tasks that were aborted
 * @param forgottenTasks of how many further tasks of each kind only the identifier is
 * remembered
 * @param nodes how many nodes of a task
 * @param furtherNodes of how many further nodes only the state
 * @param marks how many marks of a node
 * @param outputs how many named outputs of a node
 * @param payload how much of a single payload
 * @param size about how much in total
 */
record BoardLimits(int openTasks, int succeededTasks, int failedTasks, int abortedTasks, int forgottenTasks, int nodes,
		int furtherNodes, int marks, int outputs, DataSize payload, DataSize size) {

	static final BoardLimits DEFAULT = new BoardLimits(10_000, 500, 2000, 500, 100_000, 100, 5000, 100, 4,
			DataSize.ofKilobytes(64), DataSize.ofMegabytes(64));

	BoardLimits withTasks(int finishedTasks, int openTasks) {
		return withTasks(openTasks, finishedTasks, finishedTasks, finishedTasks);
	}

	BoardLimits withTasks(int openTasks, int succeededTasks, int failedTasks, int abortedTasks) {
		return new BoardLimits(openTasks, succeededTasks, failedTasks, abortedTasks, this.forgottenTasks, this.nodes,
				this.furtherNodes, this.marks, this.outputs, this.payload, this.size);
	}

	BoardLimits withForgottenTasks(int forgottenTasks) {
		return new BoardLimits(this.openTasks, this.succeededTasks, this.failedTasks, this.abortedTasks, forgottenTasks,
				this.nodes, this.furtherNodes, this.marks, this.outputs, this.payload, this.size);
	}

	BoardLimits withSize(DataSize payload, DataSize size) {
		return new BoardLimits(this.openTasks, this.succeededTasks, this.failedTasks, this.abortedTasks,
				this.forgottenTasks, this.nodes, this.furtherNodes, this.marks, this.outputs, payload, size);
	}

	int maxPayload() {
		return (int) this.payload.toBytes();
	}

	int tasks(TaskState state) {
		return switch (state) {
			case RUNNING -> this.openTasks;
			case SUCCEEDED -> this.succeededTasks;
			case FAILED -> this.failedTasks;
			case ABORTED -> this.abortedTasks;
		};
	}

}
