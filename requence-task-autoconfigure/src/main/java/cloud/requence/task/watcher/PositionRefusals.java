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

import org.jspecify.annotations.Nullable;

import cloud.requence.task.stream.ConnectionFailure;

/**
 * Finds out whether the platform refuses the position to resume from. A position is
 * suspected if the platform rejects requests with it several times in the same way, and
 * refused if it then accepts one without it. Guarded by the supervisor.
 */
final class PositionRefusals {

	private static final int REPEATS = 3;

	private @Nullable ConnectionFailure last;

	private int count;

	private boolean confirmedBefore;

	/**
	 * Return whether to try without the position.
	 */
	boolean isSuspected() {
		return this.count >= (this.confirmedBefore ? 1 : REPEATS);
	}

	void rejectedWithPosition(ConnectionFailure failure) {
		if (failure.mayRefusePosition()) {
			this.count = (this.last != null && failure.isLike(this.last)) ? this.count + 1 : 1;
			this.last = failure;
		}
	}

	/**
	 * It was not the position.
	 */
	void rejectedWithoutPosition(ConnectionFailure failure) {
		if (failure.mayRefusePosition()) {
			this.count = 0;
			this.confirmedBefore = false;
		}
	}

	void acceptedWithPosition() {
		this.count = 0;
		this.confirmedBefore = false;
	}

	/**
	 * It was the position. A platform that refuses one may refuse the next as well.
	 * @return how it was refused
	 */
	String acceptedWithoutPosition() {
		this.count = 0;
		this.confirmedBefore = true;
		return (this.last != null) ? this.last.description() : "";
	}

}
