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
 * Finds out how far the delivery is without a gap, in whichever order updates are done.
 * An acknowledgement does not wait for a gap before it: the listener is called at once,
 * while the position waits. Steps that are done behind a gap are merged into the step
 * before them, so that this grows with the updates that are not done only. Guarded by the
 * queue.
 */
final class DeliveryProgress {

	private static final ProgressListener NONE = (position, updates, acknowledgement) -> {
	};

	private ProgressListener listener = NONE;

	private @Nullable ProgressStep first;

	private @Nullable ProgressStep last;

	// Read by any thread
	private volatile @Nullable Long position;

	/**
	 * Return how many further updates may be delivered.
	 */
	int room() {
		return this.listener.room();
	}

	void listener(ProgressListener listener) {
		this.listener = listener;
	}

	@Nullable Long position() {
		return this.position;
	}

	/**
	 * An update was received. Others may be done before it although they came later.
	 */
	void received(PendingUpdate update) {
		ProgressStep step = new ProgressStep(update.position(), update.update().timestamp());
		link(step);
		update.step(step);
	}

	private void link(ProgressStep step) {
		step.previous = this.last;
		if (this.last != null) {
			this.last.next = step;
		}
		else {
			this.first = step;
		}
		this.last = step;
	}

	/**
	 * The stream has moved on without another update.
	 * @param position its position
	 * @param newest the update that came last; {@code null} if all are removed
	 */
	void moved(Long position, @Nullable PendingUpdate newest) {
		if (newest != null && newest.step() == null) {
			newest.movedOn(position);
		}
		else if (this.last != null) {
			this.last.position = position;
		}
		else if (!position.equals(this.position)) {
			advance(position, 0, null);
		}
	}

	/**
	 * Return whether updates that are removed in the order of the stream need no more
	 * than {@link #movedTo(Long)}.
	 */
	boolean isUnobserved() {
		return this.listener == NONE && this.first == null;
	}

	void movedTo(@Nullable Long reached) {
		if (reached != null) {
			this.position = reached;
		}
	}

	/**
	 * Add an update that is about to be removed, in the order of the stream.
	 */
	void append(PendingUpdate update) {
		ProgressStep before = this.last;
		boolean gap = hasGap();
		if (before != null && !update.isHeldOpen() && update.acknowledgement() == null) {
			before.extendTo(update.position(), gap ? update.update().timestamp() : null, 1);
			return;
		}
		ProgressStep step = new ProgressStep(update.position(),
				(gap || update.isHeldOpen()) ? update.update().timestamp() : null);
		link(step);
		update.step(step);
	}

	/**
	 * Return whether something before the next update is not done.
	 */
	private boolean hasGap() {
		return (this.first != null && !this.first.done) || (this.last != null && !this.last.done);
	}

	/**
	 * An update that was appended is removed. Positions are reported later, with
	 * {@link #report()}.
	 */
	void removed(PendingUpdate update) {
		if (update.isHeldOpen()) {
			report();
			return;
		}
		ProgressStep step = update.step();
		if (step != null) {
			step.acknowledgement = update.acknowledgement();
			step.done = true;
		}
		if (!hasGap()) {
			Instant timestamp = update.update().timestamp();
			if (timestamp != null) {
				this.listener.reached(timestamp);
			}
			if (update.acknowledgement() != null) {
				report();
			}
		}
		else if (step != null) {
			acknowledgeBehindGap(step);
			merge(step);
		}
	}

	/**
	 * An update that was received, or was removed before it was done, is done.
	 */
	void done(PendingUpdate update) {
		ProgressStep step = update.step();
		if (step == null) {
			return;
		}
		step.acknowledgement = update.acknowledgement();
		step.done = true;
		if (step != this.first) {
			acknowledgeBehindGap(step);
			merge(step);
		}
		report();
	}

	/**
	 * Report what is done without a gap.
	 */
	void report() {
		// Removed only then: if the listener fails, the next call repeats what it missed
		for (ProgressStep current = this.first; current != null && current.done; current = this.first) {
			if (current.timestamp != null) {
				this.listener.reached(current.timestamp);
			}
			advance(current.position, current.updates, current.acknowledgement);
			unlink(current);
		}
	}

	private void acknowledgeBehindGap(ProgressStep step) {
		String acknowledgement = step.acknowledgement;
		if (acknowledgement != null && step.previous != null) {
			// First: if the listener fails, the step still has it when the gap is closed
			this.listener.advanced(null, 1, acknowledgement);
			step.acknowledgement = null;
			step.updates--;
		}
	}

	private void merge(ProgressStep step) {
		ProgressStep before = step.previous;
		if (before == null) {
			return;
		}
		before.extendTo(step);
		unlink(step);
	}

	private void unlink(ProgressStep step) {
		if (step.previous != null) {
			step.previous.next = step.next;
		}
		else {
			this.first = step.next;
		}
		if (step.next != null) {
			step.next.previous = step.previous;
		}
		else {
			this.last = step.previous;
		}
		step.previous = null;
		step.next = null;
	}

	private void advance(@Nullable Long reached, int updates, @Nullable String acknowledgement) {
		if (reached != null) {
			this.position = reached;
		}
		this.listener.advanced(reached, updates, acknowledgement);
	}

	void restart(@Nullable Long position) {
		this.first = null;
		this.last = null;
		this.position = position;
	}

}
