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

package cloud.requence.task.watcher;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcherGapEvent.Reason;
import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.TaskWatcherStatus.Gaps;

/**
 * Counts the gaps of a stream, and limits how many events report them: gaps that follow
 * shortly after one that was reported are reported together. Safe for use by several
 * threads.
 */
final class GapRecorder {

	private static final Duration PAUSE = Duration.ofSeconds(10);

	private final StreamEvents events;

	private final LongSupplier nanoTime;

	private final Map<Reason, Recent> recent = new EnumMap<>(Reason.class);

	private long count;

	private @Nullable Gap last;

	GapRecorder(StreamEvents events, LongSupplier nanoTime) {
		this.events = events;
		this.nanoTime = nanoTime;
	}

	synchronized void add(Gap gap) {
		this.count++;
		this.last = gap;
		Recent same = this.recent.get(gap.reason());
		if (same == null) {
			report(gap);
		}
		else {
			same.waiting = (same.waiting != null) ? same.waiting.through(gap) : gap;
		}
	}

	/**
	 * Report what has waited for long enough.
	 */
	synchronized void flush() {
		long now = this.nanoTime.getAsLong();
		for (Reason reason : Reason.values()) {
			Recent same = this.recent.get(reason);
			if (same != null && now - same.reportedAt >= PAUSE.toNanos()) {
				this.recent.remove(reason);
				if (same.waiting != null) {
					report(same.waiting);
				}
			}
		}
	}

	private void report(Gap gap) {
		this.recent.put(gap.reason(), new Recent(this.nanoTime.getAsLong()));
		this.events.gap(gap);
	}

	synchronized Gaps snapshot() {
		return new Gaps(this.count, this.last);
	}

	/**
	 * A gap that was reported, and those for the same reason since then.
	 */
	private static final class Recent {

		private final long reportedAt;

		private @Nullable Gap waiting;

		private Recent(long reportedAt) {
			this.reportedAt = reportedAt;
		}

	}

}
