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

package cloud.requence.samples.auditlog.evidence;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * Where anchors are kept, out of reach of who can write to the database.
 */
interface AnchorStore {

	/**
	 * Return the anchor that was stored last.
	 * @return its text; null if there is none
	 * @throws IOException if it cannot be read
	 */
	@Nullable String last() throws IOException;

	/**
	 * Store an anchor for good.
	 * @param size the size of its tree, which no stored anchor has
	 * @param text the anchor
	 * @throws IOException if it is not stored, or may not be
	 */
	void add(long size, String text) throws IOException;

	/**
	 * Pass on anchors in the order of their sizes.
	 * @param from the size of the first that is of interest; smaller ones may be passed
	 * on
	 * @param visitor called for each anchor
	 * @throws IOException if they cannot be read
	 */
	void forEach(long from, Visitor visitor) throws IOException;

	/**
	 * Takes an anchor.
	 */
	@FunctionalInterface
	interface Visitor {

		/**
		 * Take an anchor.
		 * @param name where it is
		 * @param text the anchor
		 */
		void anchor(String name, String text);

	}

}
