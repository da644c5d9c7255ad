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

package cloud.requence.task.support;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

/**
 * Limits what a situation that repeats writes to the log. The first lines of each minute
 * are logged, the first of them with the stack trace of its cause; the others are logged
 * at debug level and counted, and one line reports their number. Safe for use by any
 * thread.
 */
public final class LogLimit {

	private static final int LINES = 3;

	private static final long WINDOW = TimeUnit.MINUTES.toNanos(1);

	private final Log logger;

	private final String subject;

	private final LongSupplier nanoTime;

	private boolean begun;

	private long windowStart;

	private int lines;

	// Written under the lock, read by any thread
	private volatile long suppressed;

	/**
	 * Create a limit for one kind of lines.
	 * @param logger where the lines are logged
	 * @param subject what the line with the number of the others is about, such as "Task
	 * watcher 'primary': failed deliveries"
	 * @param nanoTime the ticker
	 */
	public LogLimit(Log logger, String subject, LongSupplier nanoTime) {
		this.logger = logger;
		this.subject = subject;
		this.nanoTime = nanoTime;
	}

	/**
	 * Log an error, unless there were too many within this minute.
	 * @param message the line
	 * @param cause what has caused it; {@code null} if nothing was thrown
	 */
	public void error(String message, @Nullable Throwable cause) {
		log(this.logger::error, message, cause);
	}

	/**
	 * Log a warning, unless there were too many within this minute.
	 * @param message the line
	 * @param cause what has caused it; {@code null} if nothing was thrown
	 */
	public void warn(String message, @Nullable Throwable cause) {
		log(this.logger::warn, message, cause);
	}

	/**
	 * Log information, unless there were too many lines within this minute.
	 * @param message the line
	 */
	public void info(String message) {
		log(this.logger::info, message, null);
	}

	private synchronized void log(Line line, String message, @Nullable Throwable cause) {
		summarize();
		if (this.lines >= LINES) {
			this.suppressed = this.suppressed + 1;
			this.logger.debug(message, cause);
			return;
		}
		this.lines++;
		if (this.lines == 1 || cause == null) {
			line.log(message, cause);
		}
		else {
			line.log(message + " (" + cause.getClass().getName() + ")", null);
			this.logger.debug(message, cause);
		}
	}

	/**
	 * Report how many lines were left out, once a minute is over. To be called when
	 * something succeeds, so that the number is reported even if nothing fails again.
	 * Costs next to nothing while there are none.
	 */
	public void summarizeIfAny() {
		if (this.suppressed != 0) {
			summarize();
		}
	}

	private synchronized void summarize() {
		long now = this.nanoTime.getAsLong();
		if (this.begun && now - this.windowStart < WINDOW) {
			return;
		}
		long left = this.suppressed;
		this.begun = true;
		this.windowStart = now;
		this.lines = 0;
		this.suppressed = 0;
		if (left > 0) {
			this.logger.warn(this.subject + ": " + left + " more since the last line, logged at debug level");
		}
	}

	/**
	 * Logs a line at a level.
	 */
	@FunctionalInterface
	private interface Line {

		void log(Object message, @Nullable Throwable cause);

	}

}
