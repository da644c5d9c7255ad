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
 * A step of {@link DeliveryProgress}: one update, and those behind it that were done
 * before it. Guarded by the queue.
 */
final class ProgressStep {

	@Nullable ProgressStep previous;

	@Nullable ProgressStep next;

	@Nullable Long position;

	// That of the newest update
	@Nullable Instant timestamp;

	int updates = 1;

	@Nullable String acknowledgement;

	boolean done;

	ProgressStep(@Nullable Long position, @Nullable Instant timestamp) {
		this.position = position;
		this.timestamp = timestamp;
	}

	/**
	 * Take over where a later step ends.
	 */
	void extendTo(ProgressStep later) {
		extendTo(later.position, later.timestamp, later.updates);
	}

	void extendTo(@Nullable Long position, @Nullable Instant timestamp, int updates) {
		if (position != null) {
			this.position = position;
		}
		if (timestamp != null && (this.timestamp == null || timestamp.isAfter(this.timestamp))) {
			this.timestamp = timestamp;
		}
		this.updates += updates;
	}

}
