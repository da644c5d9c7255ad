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
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import cloud.requence.task.support.Causes;

/**
 * An update that could not be delivered, with the reason.
 *
 * @param watcher the name of the watcher
 * @param update the update
 * @param listener the listener methods or the handler that failed last; {@code null} if
 * unknown
 * @param error the class names and messages of the last failure and its causes, in one
 * line of at most {@value #MAX_ERROR_LENGTH} characters. Messages are those of the
 * listeners, and may contain whatever they put into them
 * @param failures how many times the delivery failed; at least one
 * @param failedAt when it failed last, by the clock of this application
 */
public record DeadLetter(String watcher, TaskUpdate update, @Nullable String listener, String error, int failures,
		Instant failedAt) {

	/**
	 * The maximum length of the error and of the listener, in characters.
	 */
	public static final int MAX_ERROR_LENGTH = 2000;

	private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]+");

	public DeadLetter {
		Assert.hasText(watcher, "'watcher' must not be empty");
		Assert.notNull(update, "'update' must not be null");
		Assert.notNull(failedAt, "'failedAt' must not be null");
		Assert.isTrue(failures > 0, "'failures' must be positive");
		listener = (listener != null && !listener.isEmpty()) ? printable(listener) : null;
		error = printable(error);
	}

	/**
	 * Create a dead letter.
	 * @param watcher the name of the watcher
	 * @param update the update
	 * @param listener the listener methods or the handler that failed; {@code null} if
	 * unknown
	 * @param failure the last failure
	 * @param failures how many times the delivery failed
	 * @param failedAt when it failed last
	 * @return the dead letter
	 */
	public static DeadLetter of(String watcher, TaskUpdate update, @Nullable String listener, Throwable failure,
			int failures, Instant failedAt) {
		Assert.notNull(failure, "'failure' must not be null");
		return new DeadLetter(watcher, update, listener,
				Causes.of(failure).map(DeadLetter::describe).collect(Collectors.joining("; caused by ")), failures,
				failedAt);
	}

	private static String describe(Throwable failure) {
		String message = failure.getMessage();
		return failure.getClass().getName() + ((message != null) ? ": " + cut(message) : "");
	}

	private static String printable(String text) {
		String printable = UNPRINTABLE.matcher(cut(text)).replaceAll(" ").strip();
		return printable.isEmpty() ? "unknown" : printable;
	}

	private static String cut(String text) {
		return (text.length() > MAX_ERROR_LENGTH) ? text.substring(0, MAX_ERROR_LENGTH) : text;
	}

	/**
	 * Return a description for logs, without payloads and error messages.
	 */
	@Override
	public String toString() {
		return "DeadLetter[watcher=" + this.watcher + ", type=" + this.update.type().wireName() + ", position="
				+ this.update.position() + ", failures=" + this.failures + "]";
	}

}
