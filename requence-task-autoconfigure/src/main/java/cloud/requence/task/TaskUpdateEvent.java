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

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.ResolvableType;

import cloud.requence.task.support.Printable;

/**
 * Publishes a {@link TaskUpdate} to the listeners of the application. A listener method
 * may take this event, with or without the type of the update, a record such as
 * {@link TaskEnd}, or {@link TaskUpdate} for all of them. The source is the
 * {@link TaskWatcher}.
 * <p>
 * Listeners are called on the delivery threads of the watcher, one update at a time
 * unless its concurrency allows for more. An exception is a failed delivery, which is
 * retried.
 *
 * @param <T> the type of the update
 */
public class TaskUpdateEvent<T extends TaskUpdate> extends PayloadApplicationEvent<T> {

	// Resolving the type anew for each event would cost as much as publishing it
	private static final Map<Class<?>, ResolvableType> TYPES = Arrays.stream(TaskUpdate.class.getPermittedSubclasses())
		.collect(Collectors.toUnmodifiableMap(Function.identity(),
				(type) -> ResolvableType.forClassWithGenerics(TaskUpdateEvent.class, type)));

	private final transient ResolvableType type;

	/**
	 * Create an event.
	 * @param source the watcher that received the update
	 * @param update the update
	 */
	public TaskUpdateEvent(Object source, T update) {
		this(source, update, typeOf(update));
	}

	private TaskUpdateEvent(Object source, T update, ResolvableType type) {
		super(source, update, type.getGeneric());
		this.type = type;
	}

	@Override
	public ResolvableType getResolvableType() {
		return this.type;
	}

	/**
	 * Return the type of the update, its task and its position, without a payload.
	 */
	@Override
	public String toString() {
		TaskUpdate update = getPayload();
		return "TaskUpdateEvent[type=" + update.type().wireName() + ", taskId=" + Printable.name(update.taskId())
				+ ", position=" + update.position() + "]";
	}

	private static ResolvableType typeOf(TaskUpdate update) {
		ResolvableType type = TYPES.get(update.getClass());
		if (type == null) {
			throw new IllegalArgumentException("Not an update: " + update.getClass().getName());
		}
		return type;
	}

}
