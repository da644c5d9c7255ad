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

package cloud.requence.task.watcher;

import java.time.Duration;

import cloud.requence.task.ContextRecovery;

/**
 * How contexts of open tasks are kept.
 *
 * @param maxBytes their size at most, in bytes
 * @param expireAfter after how long without an update a context is removed
 * @param recovery what to do with tasks whose start was not seen
 */
record ContextSettings(long maxBytes, Duration expireAfter, ContextRecovery recovery) {

	boolean isRecovering() {
		return this.recovery == ContextRecovery.FETCH;
	}

}
