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

package cloud.requence.task;

import org.jspecify.annotations.Nullable;

/**
 * Stores the checkpoint of one watcher: a short text with the position up to which
 * updates are delivered, from which the next start resumes. A bean of this type replaces
 * {@code requence.task.checkpoint.store}.
 * <p>
 * Called by one thread of the watcher at a time. An exception is reported, and the call
 * is retried later; at the start of the watcher it fails the start.
 */
public interface CheckpointStore {

	/**
	 * Return the checkpoint.
	 * @return the text that was stored last; {@code null} if there is none
	 */
	@Nullable String load();

	/**
	 * Store a checkpoint in place of another, durably when this method returns. Another
	 * instance of the application may have stored one in the meantime, which must stay.
	 * @param expected the text that is stored; {@code null} if there is none
	 * @param checkpoint the text to store, of at most 4,000 characters
	 * @return {@code false} if something else is stored than expected, and has stayed
	 */
	boolean compareAndSet(@Nullable String expected, String checkpoint);

}
