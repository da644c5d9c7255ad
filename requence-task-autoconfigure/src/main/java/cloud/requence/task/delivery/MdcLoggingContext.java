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

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.support.Printable;

/**
 * The context of SLF4J. What the logging system throws harms no delivery.
 */
final class MdcLoggingContext implements LoggingContext {

	private static final Log logger = LogFactory.getLog(LoggingContext.class);

	private static final int MAX_LENGTH = 256;

	// Usually there was nothing
	private static final Scope EMPTY = () -> set(null, null, null);

	@Override
	public Scope enter(TaskUpdate update) {
		Scope before = EMPTY;
		try {
			before = current();
			Long position = update.position();
			set(printable(update.taskId()), printable(update.name()), (position != null) ? position.toString() : null);
		}
		catch (Throwable ex) {
			failed(ex);
		}
		return before;
	}

	private static @Nullable String printable(@Nullable String name) {
		return (name != null) ? Printable.name(name, MAX_LENGTH) : null;
	}

	private static Scope current() {
		String taskId = MDC.get(TASK_ID);
		String name = MDC.get(TASK_NAME);
		String position = MDC.get(POSITION);
		return (taskId == null && name == null && position == null) ? EMPTY : () -> set(taskId, name, position);
	}

	private static void set(@Nullable String taskId, @Nullable String name, @Nullable String position) {
		set(TASK_ID, taskId);
		set(TASK_NAME, name);
		set(POSITION, position);
	}

	private static void set(String key, @Nullable String value) {
		try {
			if (value != null) {
				MDC.put(key, value);
			}
			else {
				MDC.remove(key);
			}
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	private static void failed(Throwable failure) {
		logger.debug("The logging context cannot be changed", failure);
	}

}
