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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.ApplicationListenerMethodAdapter;
import org.springframework.context.event.GenericApplicationListenerAdapter;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.KotlinDetector;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.config.TaskManagementConfigUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateEvent;

/**
 * Looks for what makes the outcome of listeners unknown to the delivery: an update would
 * count as delivered before, or although not, a listener has handled it.
 */
final class ListenerInspection {

	private static final Log logger = LogFactory.getLog(ListenerInspection.class);

	/**
	 * Calls listeners on the thread that publishes, and lets their exceptions through.
	 */
	private static final String MODULITH_MULTICASTER = "org.springframework.modulith.events.support.PersistentApplicationEventMulticaster";

	private static final ResolvableType ANY_EVENT = ResolvableType.forClass(ApplicationEvent.class);

	// A payload that only a listener of all payloads takes
	private static final ResolvableType OTHER_PAYLOAD = ResolvableType
		.forClassWithGenerics(PayloadApplicationEvent.class, Finding.class);

	private static final List<ResolvableType> UPDATES = Arrays.stream(TaskUpdate.class.getPermittedSubclasses())
		.map((type) -> ResolvableType.forClassWithGenerics(TaskUpdateEvent.class, type))
		.toList();

	private final ApplicationContext context;

	private final boolean transactional;

	ListenerInspection(ApplicationContext context, boolean transactional) {
		this.context = context;
		this.transactional = transactional;
	}

	/**
	 * Log a warning for everything that was found.
	 * @return what was found, {@code null} if nothing was
	 */
	@Nullable String warn() {
		List<Finding> findings = new ArrayList<>();
		inspect(this.context, findings);
		if (!hasListener()) {
			List<String> ofAllEvents = methodsOfAllEvents();
			logger.info((ofAllEvents.isEmpty() ? "No listener takes task updates. They"
					: "Only listeners of all events take task updates: " + String.join(", ", ofAllEvents) + ". Updates")
					+ " count as handled, and ends of tasks are not acknowledged. Write"
					+ " an @EventListener method that takes a TaskUpdate, or set 'requence.task.auto-startup' to"
					+ " 'false' to watch nothing");
		}
		methods(this.context).forEach(ListenerInspection::warnIfNotCalled);
		methods(this.context).filter(ListenerInspection::takesUpdates).forEach(ListenerInspection::warnOfCondition);
		// An event goes to the parents too
		for (ApplicationContext parent = this.context.getParent(); parent != null
				&& !inspectsItself(parent); parent = parent.getParent()) {
			inspect(parent, findings);
		}
		findings.forEach((finding) -> logger
			.warn("Task updates may be lost: " + finding.reason() + ". Remedy: " + finding.remedy() + "."));
		return findings.isEmpty() ? null : String.join("; ", findings.stream().map(Finding::reason).toList());
	}

	private boolean hasListener() {
		for (ApplicationContext current = this.context; current != null; current = current.getParent()) {
			if (current instanceof AbstractApplicationContext inspectable
					&& inspectable.getApplicationListeners().stream().anyMatch(ListenerInspection::takesUpdates)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return the methods that take updates as they take all events.
	 */
	private List<String> methodsOfAllEvents() {
		List<String> names = new ArrayList<>();
		for (ApplicationContext current = this.context; current != null; current = current.getParent()) {
			methods(current)
				.filter((method) -> UPDATES.stream().anyMatch(method::supportsEventType) && !takesUpdates(method))
				.map((method) -> ClassUtils.getQualifiedMethodName(method.getTargetMethod()))
				.forEach(names::add);
		}
		return names;
	}

	private static Stream<ApplicationListenerMethodAdapter> methods(ApplicationContext context) {
		return (context instanceof AbstractApplicationContext inspectable) ? inspectable.getApplicationListeners()
			.stream()
			.filter(ApplicationListenerMethodAdapter.class::isInstance)
			.map(ApplicationListenerMethodAdapter.class::cast) : Stream.empty();
	}

	/**
	 * Log a warning if a method takes a part of an update, of which there are no events.
	 */
	private static void warnIfNotCalled(ApplicationListenerMethodAdapter adapter) {
		Method method = adapter.getTargetMethod();
		for (Class<?> type : method.getParameterTypes()) {
			if (type.getPackage() == TaskUpdate.class.getPackage() && !TaskUpdate.class.isAssignableFrom(type)
					&& !ApplicationEvent.class.isAssignableFrom(type)) {
				logger.warn(ClassUtils.getQualifiedMethodName(method) + " is not called: it takes a parameter of type "
						+ type.getSimpleName()
						+ ", which is not published as an event. Remedy: take a TaskUpdate, such as a"
						+ " TaskEnd, which contains it.");
			}
		}
	}

	private static void warnOfCondition(ApplicationListenerMethodAdapter adapter) {
		Method method = adapter.getTargetMethod();
		String problem = ListenerCondition.problem(method);
		if (problem != null) {
			logger.warn("The condition of " + ClassUtils.getQualifiedMethodName(method) + " " + problem);
		}
	}

	private static boolean inspectsItself(ApplicationContext context) {
		return context.getBeanNamesForType(TaskUpdateListenerFactory.class).length > 0;
	}

	private void inspect(ApplicationContext context, List<Finding> findings) {
		inspectMulticaster(context, findings);
		if (context instanceof AbstractApplicationContext inspectable) {
			inspectListeners(inspectable, findings);
		}
	}

	private void inspectMulticaster(ApplicationContext context, List<Finding> findings) {
		String name = AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME;
		if (!context.containsLocalBean(name)) {
			return;
		}
		ApplicationEventMulticaster multicaster = context.getBean(name, ApplicationEventMulticaster.class);
		if (!(multicaster instanceof SimpleApplicationEventMulticaster)) {
			if (!AopUtils.getTargetClass(multicaster).getName().equals(MODULITH_MULTICASTER)) {
				findings.add(new Finding("the bean '" + name + "' is a " + multicaster.getClass().getName()
						+ ", which is not known to call listeners before it returns and to let their exceptions through",
						"use " + SimpleApplicationEventMulticaster.class.getSimpleName()
								+ ", or take the updates with @EventListener methods that take nothing else"));
			}
			return;
		}
		if (property(multicaster, "getTaskExecutor") != null) {
			findings.add(new Finding(
					"the bean '" + name + "' has a task executor, so that ApplicationListener beans, and"
							+ " @EventListener methods that take other events too, are called later",
					"take the updates with @EventListener methods that take nothing else, which are called"
							+ " before an update counts as delivered in any case, or remove the task executor"));
		}
		if (property(multicaster, "getErrorHandler") != null) {
			findings.add(new Finding(
					"the bean '" + name
							+ "' has an error handler, so that failures of ApplicationListener beans are not visible",
					"take the updates with @EventListener methods, whose failures are visible in any case, or remove"
							+ " the error handler"));
		}
	}

	private static @Nullable Object property(ApplicationEventMulticaster multicaster, String getter) {
		Method method = ReflectionUtils.findMethod(SimpleApplicationEventMulticaster.class, getter);
		if (method == null) {
			return null;
		}
		ReflectionUtils.makeAccessible(method);
		return ReflectionUtils.invokeMethod(method, multicaster);
	}

	private void inspectListeners(AbstractApplicationContext context, List<Finding> findings) {
		Collection<ApplicationListener<?>> listeners = context.getApplicationListeners();
		boolean async = context.containsBean(TaskManagementConfigUtils.ASYNC_ANNOTATION_PROCESSOR_BEAN_NAME);
		for (ApplicationListener<?> listener : listeners) {
			if (listener instanceof ApplicationListenerMethodAdapter adapter) {
				inspectMethod(adapter, async, findings);
			}
			else if (!this.transactional && takesUpdates(listener) && isTransactional(listener)) {
				findings.add(uncalled(AopUtils.getTargetClass(listener).getName() + " is a transactional listener"));
			}
			else if (async && takesUpdates(listener) && isAsync(listener)) {
				findings.add(asynchronous(AopUtils.getTargetClass(listener).getName()));
			}
		}
	}

	private void inspectMethod(ApplicationListenerMethodAdapter adapter, boolean async, List<Finding> findings) {
		if (!takesUpdates(adapter)) {
			return;
		}
		Method method = adapter.getTargetMethod();
		String name = method.getDeclaringClass().getName() + "." + method.getName();
		if (isTransactional(adapter) && !this.transactional && !runsWithoutTransaction(method)) {
			findings.add(uncalled(name + " is a @TransactionalEventListener method"));
		}
		else if (async && isAsync(adapter, method)) {
			findings.add(asynchronous(name));
		}
		else if (returnsEarly(method)) {
			findings.add(new Finding(
					name + " returns a " + method.getReturnType().getSimpleName()
							+ ", so that it can fail after the update counts as delivered",
					"wait for the outcome in the method"));
		}
	}

	private static Finding uncalled(String listener) {
		return new Finding(listener
				+ ", which is not called without a transaction, so that ends it should take are not acknowledged",
				"use @EventListener, with @Transactional if the method needs a transaction, or set"
						+ " 'requence.task.listener.transactional' to 'true'");
	}

	private static Finding asynchronous(String name) {
		return new Finding(name + " is @Async, so that it can fail after the update counts as delivered",
				"remove @Async; a slow listener slows down the stream, and no update is lost");
	}

	/**
	 * Return whether a listener takes updates as such, and not as it takes all events.
	 */
	private static boolean takesUpdates(ApplicationListener<?> listener) {
		return UPDATES.stream().anyMatch((type) -> takesUpdate(listener, type));
	}

	/**
	 * Return whether a listener takes a kind of update as such, and not as it takes all
	 * events or all payloads.
	 */
	static boolean takesUpdate(ApplicationListener<?> listener, ResolvableType type) {
		GenericApplicationListenerAdapter generic = new GenericApplicationListenerAdapter(listener);
		return generic.supportsEventType(type) && !generic.supportsEventType(ANY_EVENT)
				&& !generic.supportsEventType(OTHER_PAYLOAD);
	}

	/**
	 * Return whether a listener is called with an event that it takes: a transactional
	 * one needs a transaction that ends as it wants, and a method its condition.
	 */
	static boolean isCalled(ApplicationListener<?> listener, ApplicationEvent event, boolean transactional) {
		if (!(listener instanceof ApplicationListenerMethodAdapter adapter)) {
			return transactional || !isTransactional(listener);
		}
		if (isTransactional(adapter) && !isCalledAfterCommit(adapter.getTargetMethod(), transactional)) {
			return false;
		}
		try {
			return adapter.shouldHandle(event);
		}
		catch (RuntimeException ex) {
			logger.debug("The condition of a listener has failed, so that the listener is not called", ex);
			return false;
		}
	}

	private static boolean isCalledAfterCommit(Method method, boolean transactional) {
		return transactional ? MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY)
			.get(ListenerMethod.TRANSACTIONAL)
			.getValue("phase")
			.filter((phase) -> phase.toString().equals("AFTER_ROLLBACK"))
			.isEmpty() : runsWithoutTransaction(method);
	}

	private static boolean isTransactional(ApplicationListener<?> listener) {
		return Arrays.stream(ClassUtils.getAllInterfaces(listener))
			.anyMatch((type) -> type.getName()
				.equals("org.springframework.transaction.event.TransactionalApplicationListener"));
	}

	private static boolean runsWithoutTransaction(Method method) {
		return MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY)
			.get(ListenerMethod.TRANSACTIONAL)
			.getValue("fallbackExecution", Boolean.class)
			.orElse(false);
	}

	private static boolean isAsync(ApplicationListenerMethodAdapter adapter, Method method) {
		Class<?> type = (adapter instanceof TrackedListener tracked) ? tracked.beanType() : method.getDeclaringClass();
		return AnnotatedElementUtils.hasAnnotation(method, Async.class)
				|| AnnotatedElementUtils.hasAnnotation(type, Async.class);
	}

	private static boolean isAsync(ApplicationListener<?> listener) {
		Class<?> type = AopUtils.getTargetClass(listener);
		return AnnotatedElementUtils.hasAnnotation(type, Async.class)
				|| Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(type))
					.filter((method) -> method.getName().equals("onApplicationEvent"))
					.anyMatch((method) -> AnnotatedElementUtils.hasAnnotation(method, Async.class));
	}

	private static boolean returnsEarly(Method method) {
		return KotlinDetector.isSuspendingFunction(method)
				|| CompletionStage.class.isAssignableFrom(method.getReturnType())
				|| ReactiveAdapterRegistry.getSharedInstance().getAdapter(method.getReturnType()) != null;
	}

	private record Finding(String reason, String remedy) {

	}

}
