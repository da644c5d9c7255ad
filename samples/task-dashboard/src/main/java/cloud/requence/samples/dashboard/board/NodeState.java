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

/**
 * How a node of a task is.
 */
public enum NodeState {

	ACTIVE, DEFERRED, DONE, FAILED,

	/**
	 * Its task ended first.
	 */
	STOPPED;

	/**
	 * Return the state that follows when something happens to the node.
	 */
	NodeState after(NodeMark.Kind kind) {
		return switch (kind) {
			case START -> ACTIVE;
			case UPDATE -> (this == DEFERRED) ? ACTIVE : this;
			case ERROR -> FAILED;
			case DEFER -> DEFERRED;
			case END -> (this == FAILED) ? FAILED : DONE;
		};
	}

	/**
	 * Return the state that follows when the task ends.
	 */
	NodeState afterTask() {
		return (this == ACTIVE || this == DEFERRED) ? STOPPED : this;
	}

}
