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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What was done since the last checkpoint, in order. To be guarded by its user.
 */
final class UnsavedProgress {

	private final ArrayDeque<Step> steps = new ArrayDeque<>();

	private int updates;

	// The last step is on its way into a checkpoint, and must not grow
	private boolean sealed;

	void add(@Nullable Long position, int updates, @Nullable String acknowledgement) {
		this.updates += updates;
		Step last = this.steps.peekLast();
		if (last != null && acknowledgement == null && !this.sealed) {
			this.steps.removeLast();
			this.steps.add(new Step((position != null) ? position : last.position(), last.updates() + updates,
					last.acknowledgement()));
		}
		else {
			this.steps.add(new Step(position, updates, acknowledgement));
			this.sealed = false;
		}
	}

	int updates() {
		return this.updates;
	}

	boolean isEmpty() {
		return this.steps.isEmpty();
	}

	void clear() {
		this.steps.clear();
		this.updates = 0;
	}

	/**
	 * Find out how much goes into the next checkpoint: everything, as long as its
	 * acknowledgements have room.
	 */
	Batch next(DueAcknowledgements due) {
		DueAcknowledgements all = due.copy();
		List<String> added = new ArrayList<>();
		Long position = null;
		int count = 0;
		for (Step step : this.steps) {
			String acknowledgement = step.acknowledgement();
			if (acknowledgement != null) {
				if (!all.add(acknowledgement)) {
					break;
				}
				added.add(acknowledgement);
			}
			position = (step.position() != null) ? step.position() : position;
			count++;
		}
		this.sealed = true;
		return new Batch(count, position, all.asList(), added);
	}

	void remove(Batch saved) {
		for (int i = 0; i < saved.steps(); i++) {
			this.updates -= this.steps.remove().updates();
		}
	}

	private record Step(@Nullable Long position, int updates, @Nullable String acknowledgement) {

	}

	/**
	 * What goes into a checkpoint.
	 *
	 * @param steps how many steps
	 * @param position the position behind them; {@code null} if it has not changed
	 * @param acknowledgements all acknowledgements of the checkpoint
	 * @param added those that come with the steps
	 */
	record Batch(int steps, @Nullable Long position, List<String> acknowledgements, List<String> added) {

		/**
		 * Add a step that is not done yet.
		 */
		Batch with(@Nullable Long position, @Nullable String acknowledgement) {
			Long reached = (position != null) ? position : this.position;
			if (acknowledgement == null || this.acknowledgements.contains(acknowledgement)) {
				return new Batch(this.steps, reached, this.acknowledgements, this.added);
			}
			List<String> all = new ArrayList<>(this.acknowledgements);
			all.add(acknowledgement);
			List<String> more = new ArrayList<>(this.added);
			more.add(acknowledgement);
			return new Batch(this.steps, reached, all, more);
		}

	}

}
