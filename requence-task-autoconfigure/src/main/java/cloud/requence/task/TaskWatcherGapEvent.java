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

package cloud.requence.task;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcherStatus.Gap;

/**
 * Updates may be missing from the stream. A position that does not directly follow its
 * predecessor is not a gap, as positions are not consecutive. If there are many gaps at a
 * time, one event reports several of them, from the first to the last.
 * <p>
 * A process that ends may not have published all of its gaps: {@link UpdateHeader#gaps()}
 * is for those who store them.
 */
public class TaskWatcherGapEvent extends TaskWatcherEvent {

	private final Gap gap;

	/**
	 * Create an event.
	 * @param watcher the watcher that the event is about
	 * @param gap where updates may be missing, and why
	 */
	public TaskWatcherGapEvent(TaskWatcher watcher, Gap gap) {
		super(watcher);
		this.gap = gap;
	}

	/**
	 * Return why updates may be missing.
	 * @return the reason
	 */
	public Reason reason() {
		return this.gap.reason();
	}

	/**
	 * Return the last position received before the gap.
	 * @return the position; {@code null} if there is none
	 */
	public @Nullable Long fromPosition() {
		return this.gap.fromPosition();
	}

	/**
	 * Return the time of the last update received before the gap, by the platform's
	 * clock.
	 * @return the time; {@code null} if it is not known
	 */
	public @Nullable Instant fromTime() {
		return this.gap.fromTime();
	}

	/**
	 * Return the position at the end of the gap.
	 * @return the position; {@code null} if it is not known
	 */
	public @Nullable Long toPosition() {
		return this.gap.toPosition();
	}

	/**
	 * Return when the gap was found, by the clock of this application.
	 * @return the time
	 */
	public Instant toTime() {
		return this.gap.toTime();
	}

	/**
	 * Return where updates may be missing, and why.
	 * @return the gap
	 */
	public Gap gap() {
		return this.gap;
	}

	/**
	 * Why updates may be missing.
	 */
	public enum Reason {

		/**
		 * The platform refuses to resume at the position: the watcher has resumed by
		 * time.
		 */
		REFUSED_POSITION,

		/**
		 * An event is larger than allowed, or than the heap permits.
		 */
		EVENT_TOO_LARGE,

		/**
		 * An event could not be decoded.
		 */
		UNDECODABLE_EVENT

	}

	@Override
	String details() {
		return "gap=" + this.gap;
	}

}
