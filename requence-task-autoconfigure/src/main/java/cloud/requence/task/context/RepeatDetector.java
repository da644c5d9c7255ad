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

package cloud.requence.task.context;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import cloud.requence.task.stream.RawUpdate;

/**
 * Tells updates that were seen before from new ones. An update's identifier decides, as
 * far as the memory goes back; for updates without an identifier, the position does. Not
 * safe for use by several threads.
 */
public final class RepeatDetector {

	private static final int MAX_CAPACITY = 1 << 24;

	private final RecentIds recentIds;

	private @Nullable Long position;

	/**
	 * Create a detector.
	 * @param capacity how many identifiers to remember; each takes up to 48 bytes
	 */
	public RepeatDetector(int capacity) {
		Assert.isTrue(capacity > 0 && capacity <= MAX_CAPACITY,
				"'capacity' must be positive and not exceed " + MAX_CAPACITY);
		this.recentIds = new RecentIds(capacity);
	}

	/**
	 * See an update.
	 * @param update the update
	 * @return whether it was seen before
	 */
	public Sighting see(RawUpdate update) {
		Long previous = this.position;
		boolean advances = update.position() != null && (previous == null || update.position() > previous);
		Sighting sighting = judge(update, advances);
		if (advances || sighting == Sighting.REGRESSED) {
			this.position = update.position();
		}
		return sighting;
	}

	private Sighting judge(RawUpdate update, boolean advances) {
		boolean hasPosition = update.position() != null;
		if (update.updateId() == null) {
			return (!hasPosition || advances) ? Sighting.NEW : Sighting.REPEAT;
		}
		if (!this.recentIds.add(update.updateId())) {
			return Sighting.REPEAT;
		}
		return (!hasPosition || advances) ? Sighting.NEW : Sighting.REGRESSED;
	}

}
