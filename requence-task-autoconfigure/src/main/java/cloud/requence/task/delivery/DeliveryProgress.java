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

import org.jspecify.annotations.Nullable;

/**
 * Finds out how far the delivery is without a gap, in whichever order updates are done.
 * An acknowledgement does not wait for a gap before it: the listener learns of it at
 * once, while the position waits. Steps that are done behind a gap are merged into the
 * step before them, so that this grows with the updates that are not done only. Guarded
 * by the look-ahead.
 */
final class DeliveryProgress {

	private ProgressListener listener = (position, updates, acknowledgement) -> {
	};

	private @Nullable ProgressStep first;

	private @Nullable ProgressStep last;

	// Read by any thread
	private volatile @Nullable Long position;

	boolean hasRoom() {
		return this.listener.hasRoom();
	}

	void listener(ProgressListener listener) {
		this.listener = listener;
	}

	@Nullable Long position() {
		return this.position;
	}

	void received(ProgressStep step) {
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
	 */
	void moved(@Nullable Long position) {
		if (position == null) {
			return;
		}
		if (this.last != null) {
			this.last.position = position;
		}
		else if (!position.equals(this.position)) {
			advance(position, 0, null);
		}
	}

	void done(ProgressStep step) {
		step.done = true;
		if (step != this.first) {
			acknowledgeBehindGap(step);
			merge(step);
		}
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
			step.acknowledgement = null;
			step.updates--;
			this.listener.advanced(null, 1, acknowledgement);
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
