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

package cloud.requence.task.delivery;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Callback for the position up to which all updates are finished. Called under the lock
 * of the queue: implementations take note and return.
 */
@FunctionalInterface
public interface ProgressListener {

	/**
	 * Everything up to a position is done, or the end of a task behind a gap is.
	 * @param position the position; {@code null} if it has not changed, as for the end of
	 * a task that is done before an earlier update
	 * @param updates how many updates have come with this step
	 * @param acknowledgement the identifier of a task whose end is to be acknowledged
	 * once this step is durable, even if the position has not changed; {@code null} for
	 * none
	 */
	void advanced(@Nullable Long position, int updates, @Nullable String acknowledgement);

	/**
	 * Everything up to an update is done. Called before its step is
	 * {@link #advanced(Long, int, String) advanced}.
	 * @param timestamp the time of the newest update of the step, by the clock of the
	 * platform
	 */
	default void reached(Instant timestamp) {
	}

	/**
	 * Return how many further updates may be delivered. Called without the lock, too.
	 * @return the number of updates; zero or less if too much depends on what is to be
	 * done first
	 */
	default int room() {
		return Integer.MAX_VALUE;
	}

}
