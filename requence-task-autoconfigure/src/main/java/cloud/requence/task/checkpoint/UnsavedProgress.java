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

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What was done since the last checkpoint, in order. To be guarded by its user.
 */
final class UnsavedProgress {

	// No deque: one that cannot grow, for lack of memory, loses what it contains
	private final List<Step> steps = new ArrayList<>();

	private int updates;

	private long lastStep;

	// Of the steps that were removed
	private @Nullable Instant newest;

	// Steps up to this one may be part of a checkpoint already, and must not grow
	private long sealed;

	/**
	 * Add what was done. An acknowledgement counts as an update at least, so that the
	 * number of updates bounds the number of steps.
	 */
	void add(@Nullable Long position, @Nullable Instant newest, int updates, @Nullable String acknowledgement) {
		int added = (acknowledgement != null) ? Math.max(1, updates) : updates;
		int end = this.steps.size() - 1;
		Step last = (end >= 0) ? this.steps.get(end) : null;
		if (last != null && acknowledgement == null && last.id() > this.sealed) {
			this.steps.set(end, new Step(last.id(), (position != null) ? position : last.position(), newest,
					last.updates() + added, last.acknowledgement()));
		}
		else {
			this.steps.add(new Step(++this.lastStep, position, newest, added, acknowledgement));
		}
		this.updates += added;
	}

	int updates() {
		return this.updates;
	}

	void clear() {
		this.steps.clear();
		this.updates = 0;
		this.newest = null;
	}

	/**
	 * Find out how much goes into the next checkpoint: everything, as long as its
	 * acknowledgements have room.
	 */
	Batch next(DueAcknowledgements due) {
		DueAcknowledgements all = due.copy();
		List<String> added = new ArrayList<>();
		Long position = null;
		Instant newest = this.newest;
		long last = 0;
		for (Step step : this.steps) {
			String acknowledgement = step.acknowledgement();
			if (acknowledgement != null) {
				if (!all.add(acknowledgement)) {
					break;
				}
				added.add(acknowledgement);
			}
			position = (step.position() != null) ? step.position() : position;
			newest = step.newest();
			last = step.id();
		}
		this.sealed = Math.max(this.sealed, last);
		return new Batch(last, position, newest, all.asList(), added, due.removals());
	}

	/**
	 * Remove the steps of a checkpoint that are still there.
	 */
	void remove(Batch saved) {
		int count = 0;
		for (Step step : this.steps) {
			if (step.id() > saved.lastStep()) {
				break;
			}
			this.updates -= step.updates();
			this.newest = step.newest();
			count++;
		}
		this.steps.subList(0, count).clear();
	}

	private record Step(long id, @Nullable Long position, @Nullable Instant newest, int updates,
			@Nullable String acknowledgement) {

	}

	/**
	 * What goes into a checkpoint.
	 *
	 * @param lastStep the last step in it; zero for none
	 * @param position the position behind the steps; {@code null} if it has not changed
	 * @param newest the time of the newest update up to there; {@code null} if it is not
	 * known
	 * @param acknowledgements all acknowledgements of the checkpoint
	 * @param added those that come with the steps
	 * @param dueRemovals how many acknowledgements had been taken before
	 */
	record Batch(long lastStep, @Nullable Long position, @Nullable Instant newest, List<String> acknowledgements,
			List<String> added, long dueRemovals) {

		/**
		 * Return what leaves a checkpoint as it is.
		 */
		static Batch ofNothing(List<String> acknowledgements, long dueRemovals) {
			return new Batch(0, null, null, acknowledgements, List.of(), dueRemovals);
		}

		/**
		 * Add a step that is not done yet.
		 */
		Batch with(@Nullable Long position, @Nullable String acknowledgement) {
			Long reached = (position != null) ? position : this.position;
			if (acknowledgement == null || this.acknowledgements.contains(acknowledgement)) {
				return new Batch(this.lastStep, reached, this.newest, this.acknowledgements, this.added,
						this.dueRemovals);
			}
			List<String> all = new ArrayList<>(this.acknowledgements);
			all.add(acknowledgement);
			List<String> more = new ArrayList<>(this.added);
			more.add(acknowledgement);
			return new Batch(this.lastStep, reached, this.newest, all, more, this.dueRemovals);
		}

	}

}
