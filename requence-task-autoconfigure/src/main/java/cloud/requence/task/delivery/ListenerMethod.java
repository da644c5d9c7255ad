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

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;

import org.springframework.context.event.EventListener;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateEvent;

/**
 * What an {@link EventListener @EventListener} method takes.
 */
final class ListenerMethod {

	// By name: spring-tx need not be there
	static final String TRANSACTIONAL = "org.springframework.transaction.event.TransactionalEventListener";

	private final List<Class<?>> types;

	ListenerMethod(Method method) {
		this.types = typesOf(method);
	}

	private static List<Class<?>> typesOf(Method method) {
		EventListener annotation = AnnotatedElementUtils.findMergedAnnotation(method, EventListener.class);
		if (annotation != null && annotation.classes().length > 0) {
			return List.of(annotation.classes());
		}
		return (method.getParameterCount() > 0)
				? List.of(ResolvableType.forMethodParameter(method, 0).resolve(Object.class)) : List.of();
	}

	static boolean isTransactional(Method method) {
		return MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).isPresent(TRANSACTIONAL);
	}

	/**
	 * Return whether updates may reach the method, with or without other events.
	 */
	boolean mayTakeUpdates() {
		return this.types.stream().anyMatch(ListenerMethod::mayBeUpdate);
	}

	/**
	 * Return whether nothing but updates reaches the method.
	 */
	boolean takesUpdatesOnly() {
		return this.types.stream().allMatch(ListenerMethod::isUpdate);
	}

	private static boolean mayBeUpdate(Class<?> type) {
		return isUpdate(type) || type.isAssignableFrom(TaskUpdateEvent.class)
				|| Arrays.stream(TaskUpdate.class.getPermittedSubclasses()).anyMatch(type::isAssignableFrom);
	}

	private static boolean isUpdate(Class<?> type) {
		return TaskUpdate.class.isAssignableFrom(type) || TaskUpdateEvent.class.isAssignableFrom(type);
	}

}
