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
 * The status of a task.
 */
public enum EmulatedTaskStatus {

	/** Prepared, but not created yet. */
	IDLE,

	/** Created, but not started yet. */
	PENDING,

	/** Started. */
	RUNNING,

	/** Ended with a result. */
	SUCCESSFUL,

	/** Ended with an error. */
	FAILED,

	/** Aborted. */
	STOPPED,

	/** Ended, but not acknowledged yet. */
	AWAITING_DELIVERY;

	boolean isEnd() {
		return compareTo(RUNNING) > 0;
	}

}
