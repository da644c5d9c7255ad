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

import org.springframework.util.ClassUtils;

import cloud.requence.task.TaskUpdate;

/**
 * Names the task and the position of the update that a thread delivers in the thread's
 * logging context (MDC), so that the log lines of listeners contain them.
 */
@FunctionalInterface
public interface LoggingContext {

	/** The key of the task's identifier. */
	String TASK_ID = "requence.task.id";

	/** The key of the task's name. */
	String TASK_NAME = "requence.task.name";

	/** The key of the update's position. */
	String POSITION = "requence.task.position";

	/** Names nothing. */
	LoggingContext NONE = (update) -> Scope.NONE;

	/**
	 * Name an update in the context of the current thread. Does not fail.
	 * @param update the update
	 * @return restores what the context contained before
	 */
	Scope enter(TaskUpdate update);

	/**
	 * Return the context of the logging system.
	 * @return the context, {@link #NONE} without SLF4J
	 */
	static LoggingContext mdc() {
		return ClassUtils.isPresent("org.slf4j.MDC", LoggingContext.class.getClassLoader()) ? new MdcLoggingContext()
				: NONE;
	}

	/**
	 * What the context contained before.
	 */
	@FunctionalInterface
	interface Scope {

		/** Restores nothing. */
		Scope NONE = () -> {
		};

		/**
		 * Restore it. Does not fail.
		 */
		void close();

	}

}
