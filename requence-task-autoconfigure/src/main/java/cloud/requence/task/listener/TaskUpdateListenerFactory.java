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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.annotation.RegisterReflection;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListenerFactory;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;

import cloud.requence.task.TaskUpdateEvent;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.delivery.LoggingContext;

/**
 * Makes the listeners for
 * {@link org.springframework.context.event.EventListener @EventListener} methods that
 * task updates may reach, so that the outcome of each is known to the delivery. Comes
 * after all other factories but Spring's default one, and leaves
 * {@code @TransactionalEventListener} methods alone.
 * <p>
 * When all singletons are there it warns of what makes outcomes unknown.
 */
@RegisterReflection(classes = SimpleApplicationEventMulticaster.class,
		memberCategories = MemberCategory.INVOKE_DECLARED_METHODS)
public final class TaskUpdateListenerFactory
		implements EventListenerFactory, Ordered, ApplicationContextAware, SmartInitializingSingleton {

	private final boolean transactional;

	private final LoggingContext loggingContext;

	private final List<TrackedListener> listeners = new CopyOnWriteArrayList<>();

	private @Nullable ApplicationContext applicationContext;

	private volatile @Nullable String outcomeUnknown;

	/**
	 * Create a factory for updates that are delivered without a transaction.
	 */
	public TaskUpdateListenerFactory() {
		this(false, LoggingContext.NONE);
	}

	/**
	 * Create a factory.
	 * @param transactional whether updates are delivered in a transaction, so that
	 * {@code @TransactionalEventListener} methods are called
	 * @param loggingContext names the update while such a method is called
	 */
	public TaskUpdateListenerFactory(boolean transactional, LoggingContext loggingContext) {
		this.transactional = transactional;
		this.loggingContext = loggingContext;
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE - 1;
	}

	@Override
	public void setApplicationContext(ApplicationContext applicationContext) {
		this.applicationContext = applicationContext;
	}

	@Override
	public boolean supportsMethod(Method method) {
		return !ListenerMethod.isTransactional(method) && new ListenerMethod(method).mayTakeUpdates();
	}

	@Override
	public ApplicationListener<?> createApplicationListener(String beanName, Class<?> type, Method method) {
		TrackedListener listener = new TrackedListener(beanName, type, method,
				new ListenerMethod(method, beanType(beanName, type, method)));
		this.listeners.add(listener);
		return listener;
	}

	/**
	 * The type of a bean, with its type arguments if only its definition has them.
	 */
	private ResolvableType beanType(String beanName, Class<?> type, Method method) {
		if (type.getTypeParameters().length > 0
				&& this.applicationContext instanceof ConfigurableApplicationContext context
				&& context.getBeanFactory().containsBeanDefinition(beanName)) {
			ResolvableType defined = context.getBeanFactory().getMergedBeanDefinition(beanName).getResolvableType();
			if (method.getDeclaringClass().isAssignableFrom(defined.toClass())) {
				return defined;
			}
		}
		return ResolvableType.forClass(type);
	}

	@Override
	public void afterSingletonsInstantiated() {
		ApplicationContext context = this.applicationContext;
		// A handler of the application takes the place of events
		if (context != null && context.getBeanNamesForType(TaskUpdateHandler.class, true, false).length == 0) {
			this.outcomeUnknown = new ListenerInspection(context, this.transactional).warn();
			if (this.transactional) {
				surroundTransactionalListeners(context);
			}
		}
	}

	private void surroundTransactionalListeners(ApplicationContext context) {
		if (context instanceof AbstractApplicationContext inspectable) {
			TransactionalListenerContext surrounding = new TransactionalListenerContext(this.loggingContext);
			inspectable.getApplicationListeners().forEach(surrounding::surround);
		}
	}

	/**
	 * Return the listeners of an event in the order in which they are called.
	 */
	Stream<TrackedListener> listenersOf(TaskUpdateEvent<?> event) {
		return this.listeners.stream()
			.filter((listener) -> listener.supportsEventType(event.getResolvableType()))
			.sorted(AnnotationAwareOrderComparator.INSTANCE);
	}

	/**
	 * Return what was warned of.
	 */
	@Nullable String outcomeUnknown() {
		return this.outcomeUnknown;
	}

}
