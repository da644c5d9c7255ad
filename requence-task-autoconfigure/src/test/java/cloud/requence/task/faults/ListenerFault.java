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

/**
 * How the listener of an update behaves badly.
 */
enum ListenerFault {

	FAILS_ONCE(false, false),

	FAILS_TWICE_WITH_AN_ERROR(false, false),

	IS_SLOW(false, false),

	ALWAYS_FAILS(true, false),

	ALWAYS_FAILS_WITH_AN_ERROR(true, false),

	/**
	 * Which aborts a transaction of PostgreSQL.
	 */
	CATCHES_A_DUPLICATE_KEY(true, true),

	IS_REFUSED_AT_THE_COMMIT(true, true),

	MARKS_THE_TRANSACTION(true, true);

	private final boolean permanent;

	private final boolean transactional;

	ListenerFault(boolean permanent, boolean transactional) {
		this.permanent = permanent;
		this.transactional = transactional;
	}

	/**
	 * Return whether the update is skipped in the end.
	 */
	boolean isPermanent() {
		return this.permanent;
	}

	boolean needsTransaction() {
		return this.transactional;
	}

}
