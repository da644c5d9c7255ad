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

import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ApplicationListenerMethodAdapter;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.util.Assert;
import org.springframework.util.function.SingletonSupplier;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateEvent;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.delivery.EndAcknowledgement;
import cloud.requence.task.support.WeakIdentityMap;

/**
 * Publishes updates as {@link TaskUpdateEvent}s, and fails if a listener does.
 * <p>
 * With a {@link TaskUpdateListenerFactory} in the application context all
 * {@link org.springframework.context.event.EventListener @EventListener} methods are
 * called whether or not others throw, and when an update is handled again only those that
 * have failed. Any other {@link org.springframework.context.ApplicationListener
 * ApplicationListener} is called at every attempt, and one that throws keeps those from
 * the update that would be called after it and are no such methods. A
 * {@link ClassCastException} of such a listener that has no message, or whose message
 * names the event's class, is dropped by Spring and not seen here.
 * <p>
 * May be called from several threads, each with updates of its own.
 */
public final class EventPublishingHandler implements TaskUpdateHandler {

	private final ApplicationEventPublisher publisher;

	private final Supplier<? extends Object> source;

	private final boolean transactional;

	// The listeners that have succeeded, while others have to be called again
	private final WeakIdentityMap<TaskUpdate, List<TrackedListener>> unfinished = new WeakIdentityMap<>();

	// Ends of tasks that no listener has taken
	private final WeakIdentityMap<TaskUpdate, Boolean> untaken = new WeakIdentityMap<>();

	// For logs
	private final WeakIdentityMap<TaskUpdate, List<TrackedListener>> failed = new WeakIdentityMap<>();

	// Listeners may be added at any time, and are not removed
	private final Set<Class<?>> takenByOthers = ConcurrentHashMap.newKeySet();

	// Found once: a context that is being closed gives no beans any more
	private final SingletonSupplier<List<TaskUpdateListenerFactory>> factories = SingletonSupplier
		.of(this::listenerFactories);

	/**
	 * Create a handler.
	 * @param publisher where to publish the events; the application context, for the
	 * outcome of listeners to be known
	 * @param source gives the source of the events, the watcher
	 * @param transactional whether the failure of one listener undoes what the others
	 * have done, so that all of them are called again
	 */
	public EventPublishingHandler(ApplicationEventPublisher publisher, Supplier<? extends Object> source,
			boolean transactional) {
		Assert.notNull(publisher, "'publisher' must not be null");
		Assert.notNull(source, "'source' must not be null");
		this.publisher = publisher;
		this.source = source;
		this.transactional = transactional;
	}

	/**
	 * Publish an update and wait for its listeners. When the same instance is handled
	 * again after a failure, listeners that have succeeded are left out.
	 * @param update the update
	 * @throws Exception what the first listener has thrown that failed; the failures of
	 * others are suppressed in it. An {@link Error} comes through as it is.
	 */
	@Override
	public void handle(TaskUpdate update) throws Exception {
		this.failed.take(update);
		List<TrackedListener> earlier = this.unfinished.take(update);
		TrackedUpdateEvent<TaskUpdate> event = new TrackedUpdateEvent<>(this.source.get(), update,
				(earlier != null) ? earlier : List.of());
		try {
			this.publisher.publishEvent(event);
		}
		catch (Throwable ex) {
			event.failed(ex);
			callTheOthers(event);
		}
		Throwable failure = event.end();
		if (failure != null) {
			this.failed.put(update, event.failedListeners());
			if (!this.transactional) {
				this.unfinished.put(update, event.succeeded());
			}
			rethrow(failure);
		}
		if (EndAcknowledgement.isRequired(update) && !isTaken(event)) {
			this.untaken.put(update, true);
		}
	}

	/**
	 * Return whether at least one listener that asks for updates has handled an update.
	 * @param update an update that {@link #handle} has returned from, the end of a task
	 * that requires an acknowledgement
	 * @return whether there was such a listener; {@code true} if the listeners are not
	 * known, as the publisher is no application context
	 */
	public boolean hasTaken(TaskUpdate update) {
		return !this.untaken.contains(update);
	}

	/**
	 * Return which listener methods have failed in the last delivery of an update.
	 * @param update an update that {@link #handle} has failed to handle
	 * @return the methods, for logs; empty if none is known
	 */
	public String failedListeners(TaskUpdate update) {
		List<TrackedListener> listeners = this.failed.take(update);
		return (listeners != null)
				? listeners.stream().map(TrackedListener::description).collect(Collectors.joining(", ")) : "";
	}

	private boolean isTaken(TrackedUpdateEvent<?> event) {
		return !(this.publisher instanceof ApplicationContext context)
				|| event.succeeded().stream().anyMatch(TrackedListener::asksForUpdates)
				|| isTakenByListenerOfAnotherKind(event, context);
	}

	private boolean isTakenByListenerOfAnotherKind(TaskUpdateEvent<?> event, ApplicationContext context) {
		Class<?> type = event.getPayload().getClass();
		if (this.takenByOthers.contains(type)) {
			return true;
		}
		return Stream.iterate(context, Objects::nonNull, ApplicationContext::getParent)
			.anyMatch((current) -> current instanceof AbstractApplicationContext inspectable
					&& inspectable.getApplicationListeners()
						.stream()
						.filter((listener) -> !(listener instanceof TrackedListener))
						.filter((listener) -> ListenerInspection.takesUpdate(listener, event.getResolvableType()))
						.anyMatch((listener) -> isCalled(listener, event)));
	}

	private boolean isCalled(ApplicationListener<?> listener, TaskUpdateEvent<?> event) {
		boolean called = ListenerInspection.isCalled(listener, event, this.transactional);
		// A method may have a condition, which is to be evaluated each time
		if (called && !(listener instanceof ApplicationListenerMethodAdapter)) {
			this.takenByOthers.add(event.getPayload().getClass());
		}
		return called;
	}

	/**
	 * A listener without an adapter has thrown, and the multicaster has not called the
	 * others.
	 */
	private void callTheOthers(TrackedUpdateEvent<?> event) {
		try {
			this.factories.obtain()
				.stream()
				.flatMap((factory) -> factory.listenersOf(event))
				.forEach((listener) -> listener.onApplicationEvent(event));
		}
		catch (Throwable ex) {
			event.failed(ex);
		}
	}

	// An event goes to the parents too, and each context calls its own listeners
	private List<TaskUpdateListenerFactory> listenerFactories() {
		if (!(this.publisher instanceof ApplicationContext context)) {
			return List.of();
		}
		return Stream.iterate(context, Objects::nonNull, ApplicationContext::getParent)
			.flatMap((current) -> current.getBeansOfType(TaskUpdateListenerFactory.class).values().stream())
			.toList();
	}

	private static void rethrow(Throwable failure) throws Exception {
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof Exception exception) {
			throw exception;
		}
		throw new UndeclaredThrowableException(failure);
	}

	/**
	 * Return why the outcome of listeners cannot be known, as far as it was found when
	 * the application started.
	 * @return the reasons, or {@code null} if the outcome can be known
	 */
	public @Nullable String outcomeUnknown() {
		if (!(this.publisher instanceof ApplicationContext)) {
			return null;
		}
		List<TaskUpdateListenerFactory> found = this.factories.obtain();
		if (found.isEmpty()) {
			return "the application context has no " + TaskUpdateListenerFactory.class.getSimpleName()
					+ ", so that failures of listeners are not visible";
		}
		return found.stream()
			.map(TaskUpdateListenerFactory::outcomeUnknown)
			.filter(Objects::nonNull)
			.collect(Collectors.collectingAndThen(Collectors.joining("; "),
					(reasons) -> reasons.isEmpty() ? null : reasons));
	}

}
