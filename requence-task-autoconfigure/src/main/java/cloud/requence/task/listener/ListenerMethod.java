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

package cloud.requence.task.listener;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.ResolvableType;
import org.springframework.core.ResolvableTypeProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateEvent;

/**
 * What an {@link EventListener @EventListener} method takes. Spring looks at the method
 * only, and takes a type parameter of its class for its bound; here it is what the class
 * of the bean makes of it.
 */
final class ListenerMethod {

	// By name: spring-tx need not be there
	static final String TRANSACTIONAL = "org.springframework.transaction.event.TransactionalEventListener";

	private final List<ResolvableType> types;

	private final boolean generic;

	/**
	 * Create a description of a method whose bean is not known.
	 */
	ListenerMethod(Method method) {
		this(method, ResolvableType.forClass(method.getDeclaringClass()));
	}

	ListenerMethod(Method method, ResolvableType beanType) {
		EventListener annotation = AnnotatedElementUtils.findMergedAnnotation(method, EventListener.class);
		if (annotation != null && annotation.classes().length > 0) {
			this.types = Arrays.stream(annotation.classes()).map(ResolvableType::forClass).toList();
			this.generic = false;
		}
		else if (method.getParameterCount() > 0) {
			Type parameter = method.getGenericParameterTypes()[0];
			this.generic = namesTypeOfClass(parameter);
			this.types = List.of(this.generic ? resolve(parameter, beanType.as(method.getDeclaringClass()))
					: ResolvableType.forMethodParameter(method, 0));
		}
		else {
			this.types = List.of();
			this.generic = false;
		}
	}

	private static boolean namesTypeOfClass(Type type) {
		if (type instanceof TypeVariable<?> variable) {
			return variable.getGenericDeclaration() instanceof Class;
		}
		if (type instanceof ParameterizedType parameterized) {
			return Arrays.stream(parameterized.getActualTypeArguments()).anyMatch(ListenerMethod::namesTypeOfClass);
		}
		return type instanceof WildcardType wildcard
				&& Arrays.stream(wildcard.getUpperBounds()).anyMatch(ListenerMethod::namesTypeOfClass);
	}

	/**
	 * Resolve a type that is generic in its class. The bound of a wildcard takes its
	 * place: a {@link ResolvableType} looks variables up by their names, and would look
	 * for that of the class in the event.
	 */
	private static ResolvableType resolve(Type type, ResolvableType owner) {
		if (type instanceof ParameterizedType parameterized && parameterized.getRawType() instanceof Class<?> raw) {
			return ResolvableType.forClassWithGenerics(raw,
					Arrays.stream(parameterized.getActualTypeArguments())
						.map((argument) -> resolve(argument, owner))
						.toArray(ResolvableType[]::new));
		}
		if (type instanceof WildcardType wildcard) {
			return resolve(wildcard.getUpperBounds()[0], owner);
		}
		ResolvableType resolved = ResolvableType.forType(type, owner);
		return resolved.hasGenerics() ? resolved : ResolvableType.forClass(resolved.toClass());
	}

	static boolean isTransactional(Method method) {
		return MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).isPresent(TRANSACTIONAL);
	}

	/**
	 * Return whether the method takes a type that its class is generic in.
	 */
	boolean isGeneric() {
		return this.generic;
	}

	/**
	 * Return whether updates may reach the method, with or without other events.
	 */
	boolean mayTakeUpdates() {
		return this.types.stream().map(ResolvableType::toClass).anyMatch(ListenerMethod::mayBeUpdate);
	}

	/**
	 * Return whether nothing but updates reaches the method.
	 */
	boolean takesUpdatesOnly() {
		return this.types.stream().map(ResolvableType::toClass).allMatch(ListenerMethod::isUpdate);
	}

	/**
	 * Return whether the method asks for updates, and does not take them like any other
	 * event.
	 */
	boolean asksForUpdates() {
		return this.types.stream()
			.anyMatch((type) -> isUpdate(type.toClass())
					|| isUpdate(type.as(PayloadApplicationEvent.class).getGeneric().toClass()));
	}

	boolean supports(ResolvableType eventType) {
		return this.types.stream().anyMatch((type) -> takesEvent(type, eventType) || takesPayload(type, eventType));
	}

	/**
	 * Return what the method is to be called with.
	 * @return the event or its payload; {@code null} if the method does not take it
	 */
	@Nullable Object argumentOf(ApplicationEvent event) {
		ResolvableType eventType = typeOf(event);
		for (ResolvableType type : this.types) {
			if (!ApplicationEvent.class.isAssignableFrom(type.toClass())
					&& event instanceof PayloadApplicationEvent<?> payloadEvent && takesPayload(type, eventType)
					&& type.toClass().isInstance(payloadEvent.getPayload())) {
				return payloadEvent.getPayload();
			}
			if (takesEvent(type, eventType)) {
				return event;
			}
		}
		return null;
	}

	private static ResolvableType typeOf(ApplicationEvent event) {
		ResolvableType type = (event instanceof ResolvableTypeProvider provider) ? provider.getResolvableType() : null;
		return (type != null) ? type : ResolvableType.forInstance(event);
	}

	/**
	 * An event of any update is one of its superclass too, although the generic types are
	 * not the same.
	 */
	private static boolean takesEvent(ResolvableType type, ResolvableType eventType) {
		ResolvableType wanted = type.as(PayloadApplicationEvent.class).getGeneric();
		if (wanted.resolve() != null && type.toClass().isAssignableFrom(eventType.toClass())) {
			return takesPayload(wanted, eventType);
		}
		return eventType.hasUnresolvableGenerics() ? type.toClass().isAssignableFrom(eventType.toClass())
				: type.isAssignableFrom(eventType);
	}

	private static boolean takesPayload(ResolvableType type, ResolvableType eventType) {
		if (!PayloadApplicationEvent.class.isAssignableFrom(eventType.toClass())) {
			return false;
		}
		ResolvableType payloadType = eventType.as(PayloadApplicationEvent.class).getGeneric();
		return payloadType.resolve() == null || type.isAssignableFrom(payloadType);
	}

	private static boolean mayBeUpdate(Class<?> type) {
		return isUpdate(type) || type.isAssignableFrom(TaskUpdateEvent.class)
				|| Arrays.stream(TaskUpdate.class.getPermittedSubclasses()).anyMatch(type::isAssignableFrom);
	}

	private static boolean isUpdate(Class<?> type) {
		return TaskUpdate.class.isAssignableFrom(type) || TaskUpdateEvent.class.isAssignableFrom(type);
	}

}
