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

package cloud.requence.samples.dashboard.web;

import java.io.IOException;
import java.util.concurrent.TimeoutException;

import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.task.TaskReferenceException;
import cloud.requence.task.TaskStreamTruncatedException;
import cloud.requence.task.client.TaskAccessRefusedException;
import cloud.requence.task.client.TaskNotFoundException;
import cloud.requence.task.client.TaskPlatformUnreachableException;
import cloud.requence.task.client.TaskRejectedException;

/**
 * Describes failures for people, without an address.
 */
public final class Problems {

	/**
	 * That the history is unavailable.
	 */
	public static final String NO_DATABASE = "The database of the history does not answer.";

	private Problems() {
	}

	/**
	 * Describe a failure.
	 * @param failure what went wrong
	 * @return why, as far as people have to know
	 */
	public static String describe(Throwable failure) {
		return BoundedText.limit(words(failure), BoundedText.MAX_MESSAGE);
	}

	private static String words(Throwable failure) {
		if (failure instanceof ProblemException known) {
			return String.valueOf(known.getMessage());
		}
		if (failure instanceof TaskReferenceException reference) {
			return words(reference.reason());
		}
		if (failure instanceof TaskStreamTruncatedException truncated) {
			return "The stream has ended before it was complete: " + truncated.reason();
		}
		if (failure instanceof TimeoutException) {
			return "It was not fetched in the time that dashboard.files allows.";
		}
		if (failure instanceof IOException) {
			return "The connection was interrupted, or the file is not as long as announced.";
		}
		return wordsOfPlatform(failure);
	}

	private static String words(TaskReferenceException.Reason reason) {
		return switch (reason) {
			case NOT_ALLOWED -> "It lives on a host that this application may not ask. "
					+ "Hosts are allowed with requence.task.references.allowed-hosts.";
			case UNREACHABLE -> "Its host cannot be reached.";
			case REJECTED -> "Its host does not give it away, or does not have it any more.";
			case TOO_LARGE -> "It is larger than requence.task.references.max-size allows.";
			case TOO_SLOW -> "Its host did not answer in time.";
			case MALFORMED -> "What its host sent is not what the task refers to.";
		};
	}

	private static String wordsOfPlatform(Throwable failure) {
		if (failure instanceof TaskNotFoundException) {
			return "The platform does not know this task or template.";
		}
		if (failure instanceof TaskAccessRefusedException) {
			return "The platform refuses the access token.";
		}
		if (failure instanceof TaskPlatformUnreachableException) {
			return "The platform did not answer. It is not known whether it has done it.";
		}
		if (failure instanceof TaskRejectedException rejected) {
			return "The platform refuses"
					+ (rejected.reason().isBlank() ? " with status " + rejected.status() : ": " + rejected.reason());
		}
		return "The platform's answer makes no sense.";
	}

}
