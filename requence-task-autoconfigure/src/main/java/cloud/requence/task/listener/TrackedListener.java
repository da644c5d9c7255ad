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
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.event.ApplicationListenerMethodAdapter;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

import cloud.requence.task.UpdateType;

/**
 * Calls an {@link org.springframework.context.event.EventListener @EventListener} method
 * and leaves the outcome with the delivery of the update, so that one that throws keeps
 * no other from the update. Towards all other events it is what Spring would have made,
 * apart from methods that take a type parameter of their class: they receive what the
 * class of the bean makes of it.
 */
final class TrackedListener extends ApplicationListenerMethodAdapter {

	private final Class<?> beanType;

	private final ListenerMethod method;

	// What the method is called with, by type of update
	private final AtomicReferenceArray<Argument> arguments = new AtomicReferenceArray<>(UpdateType.values().length);

	private final ThreadLocal<Boolean> invoked = new ThreadLocal<>();

	TrackedListener(String beanName, Class<?> beanType, Method method, ListenerMethod described) {
		super(beanName, beanType, method);
		this.beanType = beanType;
		this.method = described;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof TrackedUpdateEvent<?> tracked && tracked.isUnderWay()) {
			tracked.call(this);
		}
		else {
			super.onApplicationEvent(event);
		}
	}

	/**
	 * Call the method, unless its condition keeps it from the event.
	 * @return whether it was called
	 */
	boolean call(ApplicationEvent event) {
		if (!isConditional()) {
			super.onApplicationEvent(event);
			return isDefaultExecution();
		}
		// The method may publish an event that it takes itself
		Boolean outer = this.invoked.get();
		this.invoked.set(false);
		try {
			super.onApplicationEvent(event);
			return this.invoked.get();
		}
		finally {
			if (outer != null) {
				this.invoked.set(outer);
			}
			else {
				this.invoked.remove();
			}
		}
	}

	@Override
	protected @Nullable Object doInvoke(@Nullable Object... args) {
		if (isConditional() && this.invoked.get() != null) {
			this.invoked.set(true);
		}
		return super.doInvoke(args);
	}

	private boolean isConditional() {
		return StringUtils.hasText(getCondition());
	}

	@Override
	public boolean supportsEventType(ResolvableType eventType) {
		return this.method.isGeneric() ? this.method.supports(eventType) : super.supportsEventType(eventType);
	}

	/**
	 * Comparing generic types for each update would cost as much as the rest of the call,
	 * and its outcome depends on the type of the update only.
	 */
	@Override
	protected @Nullable Object @Nullable [] resolveArguments(ApplicationEvent event) {
		if (!(event instanceof TrackedUpdateEvent<?> tracked)) {
			return resolve(event);
		}
		int type = tracked.getPayload().type().ordinal();
		Argument known = this.arguments.get(type);
		if (known != null) {
			return known.of(tracked);
		}
		@Nullable Object[] resolved = resolve(event);
		this.arguments.set(type, Argument.in(resolved, tracked));
		return resolved;
	}

	private @Nullable Object @Nullable [] resolve(ApplicationEvent event) {
		if (!this.method.isGeneric()) {
			return super.resolveArguments(event);
		}
		Object argument = this.method.argumentOf(event);
		return (argument != null) ? new Object[] { argument } : null;
	}

	/**
	 * An outcome can only be known on the thread that delivers, whatever the multicaster
	 * does with other events.
	 */
	@Override
	public boolean supportsAsyncExecution() {
		return !this.method.takesUpdatesOnly();
	}

	/**
	 * Return the method as a developer would search for it, for logs.
	 */
	String description() {
		return ClassUtils.getQualifiedMethodName(getTargetMethod(), ClassUtils.getUserClass(this.beanType));
	}

	Class<?> beanType() {
		return this.beanType;
	}

	/**
	 * Return whether an update that the method has handled counts as taken.
	 */
	boolean asksForUpdates() {
		return this.method.asksForUpdates();
	}

	/**
	 * What a method is called with.
	 */
	private enum Argument {

		/** It does not take the event. */
		NOT_CALLED,

		/** It takes no parameter. */
		NONE,

		EVENT,

		UPDATE;

		static Argument in(@Nullable Object @Nullable [] resolved, TrackedUpdateEvent<?> event) {
			if (resolved == null) {
				return NOT_CALLED;
			}
			if (resolved.length == 0) {
				return NONE;
			}
			return (resolved[0] == event) ? EVENT : UPDATE;
		}

		@Nullable Object @Nullable [] of(TrackedUpdateEvent<?> event) {
			return switch (this) {
				case NOT_CALLED -> null;
				case NONE -> new Object[0];
				case EVENT -> new Object[] { event };
				case UPDATE -> new Object[] { event.getPayload() };
			};
		}

	}

}
