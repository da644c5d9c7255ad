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

package cloud.requence.task.client;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What a new task is to be. Immutable.
 */
public final class TaskRequest {

	static final int MAX_PRIORITY = 4;

	private static final int DEFAULT_PRIORITY = 2;

	private final String template;

	private final Object input;

	private final @Nullable String name;

	private final int priority;

	private final boolean requireAck;

	private final boolean manualAck;

	private TaskRequest(String template, Object input, @Nullable String name, int priority, boolean requireAck,
			boolean manualAck) {
		this.template = template;
		this.input = input;
		this.name = name;
		this.priority = priority;
		this.requireAck = requireAck;
		this.manualAck = manualAck;
	}

	/**
	 * Create a request for a task of a template.
	 * @param template the name of the template
	 * @param input the input: a map, or an object that Jackson writes as a JSON object.
	 * Anywhere in it a {@link org.springframework.core.io.Resource} is uploaded as a
	 * file, a {@link java.io.InputStream} as a stream, and a {@link TaskUpload} as either
	 * with a given type; files and streams of other tasks are passed on
	 * @return the request
	 */
	public static TaskRequest of(String template, Object input) {
		Assert.hasText(template, "'template' must not be empty");
		Assert.notNull(input, "'input' must not be null");
		return new TaskRequest(template, input, null, DEFAULT_PRIORITY, false, false);
	}

	/**
	 * Return this request with a name for the task.
	 * @param name the name, for people to read
	 * @return a new request
	 */
	public TaskRequest withName(@Nullable String name) {
		return new TaskRequest(this.template, this.input, name, this.priority, this.requireAck, this.manualAck);
	}

	/**
	 * Return this request with another priority.
	 * @param priority from 0, the lowest, to 4, the highest; 2 if it is not set
	 * @return a new request
	 */
	public TaskRequest withPriority(int priority) {
		Assert.isTrue(priority >= 0 && priority <= MAX_PRIORITY,
				() -> "'priority' must be between 0 and " + MAX_PRIORITY + ", but is " + priority);
		return new TaskRequest(this.template, this.input, this.name, priority, this.requireAck, this.manualAck);
	}

	/**
	 * Return this request with a required acknowledgement: the platform keeps the end of
	 * the task until it is acknowledged. {@link TaskHandle#result(Class)} acknowledges it
	 * when it returns the result; so does a watcher.
	 * @param requireAck whether an acknowledgement is needed
	 * @return a new request
	 * @see #withManualAck()
	 */
	public TaskRequest withRequireAck(boolean requireAck) {
		return new TaskRequest(this.template, this.input, this.name, this.priority, requireAck, this.manualAck);
	}

	/**
	 * Return this request with an acknowledgement that is left to
	 * {@link TaskHandle#acknowledge()}: taking the result does not acknowledge the end of
	 * the task. Implies {@link #withRequireAck(boolean) requireAck}.
	 * @return a new request
	 */
	public TaskRequest withManualAck() {
		return new TaskRequest(this.template, this.input, this.name, this.priority, true, true);
	}

	/**
	 * Return the name of the template.
	 * @return the template
	 */
	public String template() {
		return this.template;
	}

	/**
	 * Return the input.
	 * @return the input
	 */
	public Object input() {
		return this.input;
	}

	/**
	 * Return the name of the task.
	 * @return the name; {@code null} if it is to have none
	 */
	public @Nullable String name() {
		return this.name;
	}

	/**
	 * Return the priority.
	 * @return the priority, from 0, the lowest, to 4, the highest
	 */
	public int priority() {
		return this.priority;
	}

	/**
	 * Return whether the end of the task needs an acknowledgement.
	 * @return whether an acknowledgement is needed
	 */
	public boolean requireAck() {
		return this.requireAck;
	}

	/**
	 * Return whether the acknowledgement is left to {@link TaskHandle#acknowledge()}.
	 * @return whether taking the result does not acknowledge the end of the task
	 */
	public boolean manualAck() {
		return this.manualAck;
	}

	@Override
	public String toString() {
		return "task request [template " + this.template + ", priority " + this.priority + "]";
	}

}
