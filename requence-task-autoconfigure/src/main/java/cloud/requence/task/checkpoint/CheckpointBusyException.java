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
 * The checkpoint cannot be opened yet: an update of the run before is still being handled
 * in a transaction, or a save has not returned.
 */
public final class CheckpointBusyException extends CheckpointException {

	CheckpointBusyException(String store) {
		super("The checkpoint in " + store + " is in use: a listener still handles an update of the run before,"
				+ " or the store does not respond", "Find out what the listener or the store waits for.", null);
	}

}
