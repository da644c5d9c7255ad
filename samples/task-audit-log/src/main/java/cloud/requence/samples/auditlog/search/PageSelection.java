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

package cloud.requence.samples.auditlog.search;

import org.jspecify.annotations.Nullable;

/**
 * Which of the entries of a filter a page shows.
 *
 * @param direction which way to look from the cursor
 * @param cursor where to begin; {@code null} for the newest, or if looking for newer ones
 * for the oldest
 * @param size the number of entries
 */
public record PageSelection(Direction direction, @Nullable EntryCursor cursor, int size) {

	/** The largest page. */
	public static final int MAX_SIZE = 500;

	/**
	 * Create a selection.
	 * @throws IllegalArgumentException if the size is out of bounds
	 */
	public PageSelection {
		if (size < 1 || size > MAX_SIZE) {
			throw new IllegalArgumentException("is not between 1 and " + MAX_SIZE);
		}
	}

	/**
	 * Which way to look.
	 */
	public enum Direction {

		/** To entries that happened before. */
		OLDER,

		/** To entries that happened after. */
		NEWER

	}

}
