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
 * Distinguishes repeated updates from new ones. An update is a repeat if its identifier
 * is known and its position is not beyond what was received: several updates may have one
 * identifier. Without a position the identifier decides, without an identifier the
 * position. Not safe for use by several threads.
 */
public final class RepeatDetector {

	private static final int MAX_CAPACITY = 1 << 24;

	private final RecentIds recentIds;

	private final int capacityWithoutPositions;

	private @Nullable Long position;

	/** The highest position of all, also of those before a gap. */
	private long highest = Long.MIN_VALUE;

	/**
	 * Create a detector.
	 * @param capacity how many identifiers to remember; each takes up to 56 bytes
	 */
	public RepeatDetector(int capacity) {
		this(capacity, capacity);
	}

	/**
	 * Create a detector that remembers more if updates have no position: a platform then
	 * repeats all updates of a period.
	 * @param capacity how many identifiers to remember; each takes up to 56 bytes
	 * @param capacityWithoutPositions how many to remember of updates without a position
	 */
	public RepeatDetector(int capacity, int capacityWithoutPositions) {
		Assert.isTrue(capacity > 0 && capacity <= capacityWithoutPositions && capacityWithoutPositions <= MAX_CAPACITY,
				"'capacity' must be positive and not exceed " + MAX_CAPACITY);
		this.recentIds = new RecentIds(capacity);
		this.capacityWithoutPositions = capacityWithoutPositions;
	}

	/**
	 * Judge an update and remember it.
	 * @param update the update
	 * @return whether it was seen before
	 */
	public RepeatCheck see(RawUpdate update) {
		RepeatCheck result = judge(update);
		remember(update);
		return result;
	}

	/**
	 * Judge an update, without remembering it.
	 * @param update the update
	 * @return whether it was seen before
	 */
	public RepeatCheck judge(RawUpdate update) {
		Long reached = update.position();
		if (reached != null && reached > this.highest) {
			return RepeatCheck.NEW;
		}
		boolean advances = advances(update);
		if (update.updateId() == null) {
			return (reached == null || advances) ? RepeatCheck.NEW : RepeatCheck.REPEAT;
		}
		if (this.recentIds.contains(update.updateId())) {
			boolean beyond = reached != null && advances && this.recentIds.isBeyond(reached);
			return beyond ? RepeatCheck.NEW : RepeatCheck.REPEAT;
		}
		return (reached == null || advances) ? RepeatCheck.NEW : RepeatCheck.REGRESSED;
	}

	private boolean advances(RawUpdate update) {
		return update.position() != null && (this.position == null || update.position() > this.position);
	}

	/**
	 * Remember an update.
	 * @param update the update
	 */
	public void remember(RawUpdate update) {
		Long reached = update.position();
		if (reached != null && reached > this.highest) {
			if (update.updateId() != null) {
				this.recentIds.append(update.updateId(), reached);
			}
			this.highest = reached;
			this.position = reached;
			return;
		}
		boolean added = false;
		if (update.updateId() != null) {
			if (reached == null) {
				growIfFull();
			}
			added = this.recentIds.add(update.updateId());
			if (reached != null) {
				this.recentIds.reach(reached);
			}
		}
		// One that is new sets the position back, a repeat does not
		if (reached != null && (added || advances(update))) {
			this.position = reached;
		}
	}

	/**
	 * Accept whichever position comes next, as after a gap.
	 */
	public void forgetPosition() {
		this.position = null;
	}

	private void growIfFull() {
		int capacity = this.recentIds.capacity();
		if (this.recentIds.isFull() && capacity < this.capacityWithoutPositions) {
			this.recentIds.growTo((int) Math.min(capacity * 2L, this.capacityWithoutPositions));
		}
	}

	/**
	 * Whether an update was seen before.
	 */
	public enum RepeatCheck {

		/**
		 * It was not seen before.
		 */
		NEW,

		/**
		 * It was seen before and is to be dropped.
		 */
		REPEAT,

		/**
		 * It was not seen before, but its position is not after the one of the update
		 * before it: to be delivered, and worth a warning.
		 */
		REGRESSED

	}

}
