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

package cloud.requence.task.checkpoint;

import cloud.requence.task.CheckpointException;

/**
 * The checkpoint cannot be opened yet: an earlier call of its store has not returned,
 * such as that of a save or of a transaction of the run before.
 */
public final class CheckpointBusyException extends CheckpointException {

	CheckpointBusyException(String store) {
		super("The checkpoint in " + store + " is in use: an earlier call of the store has not returned",
				"Find out what the store waits for.", null);
	}

}
