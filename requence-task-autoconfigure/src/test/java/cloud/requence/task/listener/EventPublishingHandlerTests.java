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

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import cloud.requence.task.Node;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskPayloadException;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateEvent;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests for {@link EventPublishingHandler} together with
 * {@link TaskUpdateListenerFactory}.
 */
class EventPublishingHandlerTests {

	private static final Object SOURCE = "watcher";

	private final TaskEnd end = end();

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final Calls calls = new Calls();

	private final EventPublishingHandler handler = new EventPublishingHandler(this.context, () -> SOURCE, false);

	@AfterEach
	void close() {
		this.context.close();
	}

	private void start(Class<?>... listeners) {
		this.context.register(TaskUpdateListenerFactory.class);
		this.context.registerBean("calls", Calls.class, () -> this.calls);
		this.context.register(listeners);
		this.context.refresh();
	}

	private static TaskEnd end() {
		return new TaskEnd(UpdateHeader.of(UpdateType.TASK_END, "1"), TaskContext.of("1"), TaskPayload.of("1"), null,
				true);
	}

	private static TaskStart begin() {
		return new TaskStart(UpdateHeader.of(UpdateType.TASK_START, "1"), TaskContext.of("1"), TaskPayload.of("1"));
	}

	private static NodeEnd nodeEnd() {
		return new NodeEnd(UpdateHeader.of(UpdateType.NODE_END, "1"), TaskContext.of("1"), new Node("1", null, null));
	}

	@Nested
	class EverySignature {

		@ParameterizedTest
		@MethodSource("listeners")
		void isCalledForItsUpdatesAlone(Class<?> listener, List<UpdateType> expected) throws Exception {
			start(listener);
			handler.handle(begin());
			handler.handle(nodeEnd());
			handler.handle(end);
			assertThat(calls.updates()).map(TaskUpdate::type).containsExactlyElementsOf(expected);
		}

		@ParameterizedTest
		@MethodSource("listeners")
		void reportsItsFailureAndIsCalledAgain(Class<?> listener, List<UpdateType> expected) throws Exception {
			start(listener);
			TaskUpdate update = end;
			assertThat(expected).contains(UpdateType.TASK_END);
			// Without a message: Spring's multicaster takes it for a mismatch of types
			ClassCastException failure = new ClassCastException();
			calls.failNext(failure);
			assertThatThrownBy(() -> handler.handle(update)).isSameAs(failure);
			handler.handle(update);
			assertThat(calls.updates()).containsExactly(update, update);
		}

		static List<Arguments> listeners() {
			List<UpdateType> all = List.of(UpdateType.TASK_START, UpdateType.NODE_END, UpdateType.TASK_END);
			List<UpdateType> ends = List.of(UpdateType.TASK_END);
			return List.of(args(OfRecord.class, ends), args(OfUpdate.class, all), args(OfAnyEvent.class, all),
					args(OfRawEvent.class, all), args(OfTypedEvent.class, ends), args(OfBoundedEvent.class, all),
					args(OfPayloadEvent.class, ends), args(OfClasses.class, ends),
					args(OfClassesWithoutParameter.class, ends), args(OfEventClass.class, all),
					args(WithCondition.class, ends), args(WithOrder.class, ends), args(OfGenericSuperclass.class, all),
					args(OfObject.class, all), args(OfComposedAnnotation.class, ends), args(OfJavaRecord.class, all));
		}

		private static Arguments args(Object... args) {
			return Arguments.of(args);
		}

		@Test
		void isNamedIfItFails() throws Exception {
			start(OfRecord.class, WithOrder.class);
			calls.failOn("OfRecord", new IllegalStateException());
			assertThatThrownBy(() -> handler.handle(end)).isInstanceOf(IllegalStateException.class);
			assertThat(handler.failedListeners(end)).startsWith(OfRecord.class.getName() + ".")
				.doesNotContain(WithOrder.class.getName());
			calls.failOn("OfRecord", null);
			handler.handle(end);
			assertThat(handler.failedListeners(end)).isEmpty();
		}

		@Test
		void seesTheSourceAndTheUpdate() throws Exception {
			start(OfTypedEvent.class);
			handler.handle(end);
			TaskUpdateEvent<?> event = (TaskUpdateEvent<?>) calls.received.get(0);
			assertThat(event.getSource()).isEqualTo(SOURCE);
			assertThat(event.getPayload()).isSameAs(end);
		}

		@Test
		void isNotCalledIfItsDefaultExecutionIsOff() throws Exception {
			start(WithoutDefaultExecution.class);
			handler.handle(end);
			assertThat(calls.received).isEmpty();
		}

		@Test
		void isCalledInItsOrder() throws Exception {
			start(OfRecord.class, WithOrder.class);
			handler.handle(end);
			assertThat(calls.listeners).containsExactly("WithOrder", "OfRecord");
		}

		@Test
		void hasItsResultPublished() throws Exception {
			start(WithResult.class);
			handler.handle(end);
			assertThat(calls.received).containsExactly(end, "first", "second");
		}

		@Test
		void failsIfAListenerOfItsResultFails() {
			start(WithResult.class);
			IllegalStateException failure = new IllegalStateException();
			calls.failOn("second", failure);
			assertThatThrownBy(() -> handler.handle(end)).isSameAs(failure);
		}

		@Test
		void stillSeesOtherEventsAsSpringPassesThem() {
			start(OfObject.class);
			context.publishEvent("other");
			assertThat(calls.received).contains("other");
			IllegalStateException failure = new IllegalStateException();
			calls.failNext(failure);
			assertThatThrownBy(() -> context.publishEvent("failing")).isSameAs(failure);
		}

	}

	@Nested
	class WhenOneFails {

		@ParameterizedTest
		@MethodSource("failures")
		void theOthersAreServedAndARetryReachesItAlone(Throwable failure) throws Exception {
			start(Three.class);
			calls.failOn("second", failure);
			assertThat(catchThrowable(this::handle)).isSameAs(failure);
			assertThat(calls.listeners).containsExactly("first", "second", "third");
			assertThat(catchThrowable(this::handle)).isSameAs(failure);
			calls.failOn("second", null);
			handle();
			assertThat(calls.listeners).containsExactly("first", "second", "third", "second", "second");
		}

		static List<Throwable> failures() {
			return List.of(new IllegalStateException("a"), new ClassCastException(), new IOException(),
					new ClassCastException("class " + TaskEnd.class.getName() + " cannot be cast"),
					new AssertionError(), new StackOverflowError(), new NoClassDefFoundError(), new OutOfMemoryError(),
					new InterruptedException());
		}

		@Test
		void anInterruptionOfOneIsNoneOfTheOthers() {
			start(Three.class);
			calls.failOn("first", new InterruptedException());
			assertThat(catchThrowable(this::handle)).isInstanceOf(InterruptedException.class);
			assertThat(Thread.interrupted()).isFalse();
		}

		@Test
		void theEndOfTheThreadIsNoFailure() {
			start(Three.class);
			calls.failOn("first", new ThreadDeath());
			assertThat(catchThrowable(this::handle)).isInstanceOf(ThreadDeath.class);
			assertThat(calls.listeners).containsExactly("first");
		}

		@Test
		void anotherUpdateIsDeliveredToAll() throws Exception {
			start(Three.class);
			calls.failOn("second", new IllegalStateException());
			assertThat(catchThrowable(this::handle)).isNotNull();
			calls.failOn("second", null);
			calls.listeners.clear();
			// Equal, but not the same
			handler.handle(end());
			assertThat(calls.listeners).containsExactly("first", "second", "third");
			handle();
			assertThat(calls.listeners).containsExactly("first", "second", "third", "second");
		}

		@Test
		void theUpdateIsDeliveredToAllOnceMoreAfterASuccess() throws Exception {
			start(Three.class);
			handle();
			handle();
			assertThat(calls.listeners).hasSize(6);
		}

		private void handle() throws Exception {
			handler.handle(end);
		}

	}

	@Nested
	class WhenSeveralFail {

		@Test
		void theFirstIsReportedAndTheOthersSuppressed() {
			IllegalStateException first = new IllegalStateException();
			IllegalArgumentException third = new IllegalArgumentException();
			calls.failOn("first", first);
			calls.failOn("third", third);
			start(Three.class);
			assertThatThrownBy(this::handle).isSameAs(first).hasSuppressedException(third);
		}

		@Test
		void theFirstThatARetryMayHelpIsReported() {
			TaskPayloadException first = new TaskPayloadException("a");
			IOException second = new IOException();
			ClassCastException third = new ClassCastException();
			calls.failOn("first", first);
			calls.failOn("second", second);
			calls.failOn("third", third);
			start(Three.class);
			assertThatThrownBy(this::handle).isSameAs(second)
				.satisfies((ex) -> assertThat(ex.getSuppressed()).containsExactly(first, third));
		}

		@Test
		void aSharedExceptionDoesNotCollectTheOthersForEver() {
			IllegalStateException shared = new IllegalStateException();
			calls.failOn("first", shared);
			calls.failOn("second", shared);
			calls.failOn("third", new IOException());
			start(Three.class);
			for (int i = 0; i < 100; i++) {
				assertThatThrownBy(this::handle).isSameAs(shared);
			}
			assertThat(shared.getSuppressed()).hasSizeLessThan(20);
		}

		private void handle() throws Exception {
			handler.handle(end);
		}

	}

	@Nested
	class ListenersOfOtherKinds {

		@ParameterizedTest
		@MethodSource("listeners")
		void keepNoListenerMethodFromTheUpdate(Function<Calls, ApplicationListener<?>> listener) throws Exception {
			IllegalStateException failure = new IllegalStateException();
			calls.failOn("plain", failure);
			context.addApplicationListener(listener.apply(calls));
			start(Three.class);
			assertThatThrownBy(this::handle).isSameAs(failure);
			assertThat(calls.listeners).containsExactly("plain", "first", "second", "third");
			calls.failOn("plain", null);
			handle();
			assertThat(calls.listeners).containsExactly("plain", "first", "second", "third", "plain");
		}

		static List<Function<Calls, ApplicationListener<?>>> listeners() {
			return List.of(PlainListener::new, SmartListener::new, GenericListener::new);
		}

		@Test
		void failUnlessSpringTakesTheFailureForAMismatch() throws Exception {
			context.addApplicationListener(new PlainListener(calls));
			start(Three.class);
			ClassCastException failure = new ClassCastException("class java.lang.String cannot be cast");
			calls.failOn("plain", failure);
			assertThatThrownBy(this::handle).isSameAs(failure);
			calls.failOn("plain", new ClassCastException());
			handle();
		}

		@Test
		void failTogetherWithListenerMethods() {
			IllegalStateException failure = new IllegalStateException();
			IOException other = new IOException();
			calls.failOn("plain", failure);
			calls.failOn("second", other);
			context.addApplicationListener(new PlainListener(calls));
			start(Three.class);
			assertThatThrownBy(this::handle).isSameAs(failure).hasSuppressedException(other);
		}

		@Test
		void areNotCalledInPlaceOfTheMulticaster() {
			start(Three.class, OfOtherRecord.class);
			context.addApplicationListener(new PlainListener(calls));
			calls.failOn("plain", new IllegalStateException());
			assertThat(catchThrowable(this::handle)).isNotNull();
			assertThat(calls.listeners).containsExactlyInAnyOrder("plain", "first", "second", "third");
		}

		private void handle() throws Exception {
			handler.handle(end);
		}

	}

	@Nested
	class Multicasters {

		@Test
		void withAnErrorHandlerDoNotSwallowTheFailureOfAListenerMethod() {
			SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
			multicaster.setErrorHandler((ex) -> {
			});
			assertFailureIsSeen(multicaster);
		}

		@Test
		void withATaskExecutorStillCallListenerMethodsOnTheDeliveryThread() {
			SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
			multicaster.setTaskExecutor(new SimpleAsyncTaskExecutor());
			assertFailureIsSeen(multicaster);
			assertThat(calls.threads).containsOnly(Thread.currentThread());
		}

		private void assertFailureIsSeen(SimpleApplicationEventMulticaster multicaster) {
			IllegalStateException failure = new IllegalStateException();
			calls.failOn("second", failure);
			context.registerBean("applicationEventMulticaster", SimpleApplicationEventMulticaster.class,
					() -> multicaster);
			start(Three.class);
			assertThatThrownBy(() -> handler.handle(end)).isSameAs(failure);
			assertThat(calls.listeners).containsExactly("first", "second", "third");
		}

		@Test
		void withATaskExecutorSeeTheFailuresOfListenersThatTakeOtherEventsToo() {
			List<Throwable> uncaught = new CopyOnWriteArrayList<>();
			SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor((runnable) -> {
				Thread thread = new Thread(runnable);
				thread.setUncaughtExceptionHandler((failing, ex) -> uncaught.add(ex));
				return thread;
			});
			SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
			multicaster.setTaskExecutor(executor);
			IllegalStateException failure = new IllegalStateException();
			calls.failOn(end, failure);
			context.registerBean("applicationEventMulticaster", SimpleApplicationEventMulticaster.class,
					() -> multicaster);
			start(OfObject.class);
			assertThatCode(() -> handler.handle(end)).doesNotThrowAnyException();
			Awaitility.await()
				.atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(uncaught).contains(failure));
		}

	}

	@Nested
	class ParentContexts {

		private final AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext();

		@AfterEach
		void closeParent() {
			this.parent.close();
		}

		@Test
		void haveTheirListenersTrackedToo() throws Exception {
			this.parent.register(TaskUpdateListenerFactory.class, Three.class);
			this.parent.registerBean("calls", Calls.class, () -> calls);
			this.parent.refresh();
			context.setParent(this.parent);
			start(OfRecord.class);
			calls.failOn("second", new IllegalStateException());
			assertThat(catchThrowable(this::handle)).isNotNull();
			calls.failOn("second", null);
			handle();
			assertThat(calls.listeners).containsExactly("OfRecord", "first", "second", "third", "second");
		}

		@Test
		void areServedAlthoughAListenerOfAnotherKindFails() {
			this.parent.register(TaskUpdateListenerFactory.class, Three.class);
			this.parent.registerBean("calls", Calls.class, () -> calls);
			this.parent.refresh();
			context.setParent(this.parent);
			context.addApplicationListener(new PlainListener(calls));
			calls.failOn("plain", new IllegalStateException());
			start(OfRecord.class);
			assertThat(catchThrowable(this::handle)).isNotNull();
			assertThat(calls.listeners).containsExactly("plain", "OfRecord", "first", "second", "third");
		}

		private void handle() throws Exception {
			handler.handle(end);
		}

	}

	@Nested
	class WithoutAnApplicationContext {

		@Test
		void publishesToWhateverItIsGiven() throws Exception {
			List<Object> published = new ArrayList<>();
			EventPublishingHandler handler = new EventPublishingHandler(published::add, () -> SOURCE, false);
			handler.handle(end);
			assertThat(published).singleElement().isInstanceOf(TaskUpdateEvent.class);
			assertThat(handler.outcomeUnknown()).isNull();
		}

		@Test
		void failsAsThePublisherDoes() {
			IllegalStateException failure = new IllegalStateException();
			EventPublishingHandler handler = new EventPublishingHandler((event) -> {
				throw failure;
			}, () -> SOURCE, false);
			assertThatThrownBy(() -> handler.handle(end)).isSameAs(failure);
		}

	}

	static class Calls {

		final List<String> listeners = new CopyOnWriteArrayList<>();

		final List<Object> received = new CopyOnWriteArrayList<>();

		final List<Thread> threads = new CopyOnWriteArrayList<>();

		private final Map<Object, Throwable> failures = new ConcurrentHashMap<>();

		private @Nullable Throwable next;

		void failOn(Object what, @Nullable Throwable failure) {
			if (failure != null) {
				this.failures.put(what, failure);
			}
			else {
				this.failures.remove(what);
			}
		}

		void failNext(Throwable failure) {
			this.next = failure;
		}

		void called(String listener, Object received) {
			this.listeners.add(listener);
			this.received.add(received);
			this.threads.add(Thread.currentThread());
			Throwable failure = (this.next != null) ? this.next
					: this.failures.getOrDefault(listener, this.failures.get(received));
			this.next = null;
			if (failure != null) {
				Calls.<RuntimeException>sneakyThrow(failure);
			}
		}

		List<TaskUpdate> updates() {
			return this.received.stream()
				.map((received) -> (received instanceof PayloadApplicationEvent<?> event) ? event.getPayload()
						: received)
				.filter(TaskUpdate.class::isInstance)
				.map(TaskUpdate.class::cast)
				.toList();
		}

		@SuppressWarnings("unchecked")
		private static <E extends Throwable> void sneakyThrow(Throwable ex) throws E {
			throw (E) ex;
		}

	}

	abstract static class Recorder {

		private final Calls calls;

		Recorder(Calls calls) {
			this.calls = calls;
		}

		void called(Object received) {
			called(getClass().getSimpleName(), received);
		}

		void called(String listener, Object received) {
			this.calls.called(listener, received);
		}

	}

	static class OfRecord extends Recorder {

		OfRecord(Calls calls) {
			super(calls);
		}

		@EventListener
		void on(TaskEnd update) {
			called(update);
		}

	}

	static class OfOtherRecord extends Recorder {

		OfOtherRecord(Calls calls) {
			super(calls);
		}

		@EventListener
		void on(TaskStart update) {
			called(update);
		}

	}

	static class OfUpdate extends Recorder {

		OfUpdate(Calls calls) {
			super(calls);
		}

		@EventListener
		void on(TaskUpdate update) {
			called(update);
		}

	}

	static class OfJavaRecord extends Recorder {

		OfJavaRecord(Calls calls) {
			super(calls);
		}

		@EventListener
		void on(Record update) {
			called(update);
		}

	}

	static class OfObject extends Recorder {

		OfObject(Calls calls) {
			super(calls);
		}

		@EventListener
		void on(Object event) {
			called(event);
		}

	}

	static class OfAnyEvent extends Recorder {

		OfAnyEvent(Calls calls) {
			super(calls);
		}

		@EventListener
		void on(TaskUpdateEvent<?> event) {
			called(event);
		}

	}

	static class OfRawEvent extends Recorder {

		OfRawEvent(Calls calls) {
			super(calls);
		}

		@EventListener
		void on(@SuppressWarnings("rawtypes") TaskUpdateEvent event) {
			called(event);
		}

	}

	static class OfTypedEvent extends Recorder {

		OfTypedEvent(Calls calls) {
			super(calls);
		}

		@EventListener
		void on(TaskUpdateEvent<TaskEnd> event) {
			called(event);
		}

	}

	static class OfBoundedEvent extends Recorder {

		OfBoundedEvent(Calls calls) {
			super(calls);
		}

		@EventListener
		void on(TaskUpdateEvent<? extends TaskUpdate> event) {
			called(event);
		}

	}

	static class OfPayloadEvent extends Recorder {

		OfPayloadEvent(Calls calls) {
			super(calls);
		}

		@EventListener
		void on(PayloadApplicationEvent<TaskEnd> event) {
			called(event);
		}

	}

	static class OfClasses extends Recorder {

		OfClasses(Calls calls) {
			super(calls);
		}

		@EventListener({ TaskEnd.class, IllegalStateException.class })
		void on(Object update) {
			called(update);
		}

	}

	static class OfClassesWithoutParameter extends Recorder {

		OfClassesWithoutParameter(Calls calls) {
			super(calls);
		}

		@EventListener(classes = TaskEnd.class)
		void on() {
			called(end());
		}

	}

	static class OfEventClass extends Recorder {

		OfEventClass(Calls calls) {
			super(calls);
		}

		@EventListener(TaskUpdateEvent.class)
		void on(ApplicationEvent event) {
			called(event);
		}

	}

	static class WithCondition extends Recorder {

		WithCondition(Calls calls) {
			super(calls);
		}

		@EventListener(condition = "#root.event.payload.type().name() == 'TASK_END'")
		void on(TaskUpdate update) {
			called(update);
		}

	}

	static class WithOrder extends Recorder {

		WithOrder(Calls calls) {
			super(calls);
		}

		@EventListener
		@Order(Ordered.HIGHEST_PRECEDENCE)
		void on(TaskEnd update) {
			called(update);
		}

	}

	static class WithoutDefaultExecution extends Recorder {

		WithoutDefaultExecution(Calls calls) {
			super(calls);
		}

		@EventListener(defaultExecution = false)
		void on(TaskEnd update) {
			called(update);
		}

	}

	static class OfComposedAnnotation extends Recorder {

		OfComposedAnnotation(Calls calls) {
			super(calls);
		}

		@OnUpdate
		void on(TaskEnd update) {
			called(update);
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@EventListener
	@interface OnUpdate {

	}

	abstract static class GenericSuperclass<T extends TaskUpdate> extends Recorder {

		GenericSuperclass(Calls calls) {
			super(calls);
		}

		@EventListener
		void on(T update) {
			called(update);
		}

	}

	static class OfGenericSuperclass extends GenericSuperclass<TaskUpdate> {

		OfGenericSuperclass(Calls calls) {
			super(calls);
		}

	}

	static class WithResult extends Recorder {

		WithResult(Calls calls) {
			super(calls);
		}

		@EventListener
		List<String> on(TaskEnd update) {
			called(update);
			return List.of("first", "second");
		}

		@EventListener
		void onResult(String event) {
			called(event);
		}

	}

	static class Three extends Recorder {

		Three(Calls calls) {
			super(calls);
		}

		@EventListener
		@Order(1)
		void first(TaskEnd update) {
			called("first", update);
		}

		@EventListener
		@Order(2)
		void second(TaskEnd update) {
			called("second", update);
		}

		@EventListener
		@Order(3)
		void third(TaskEnd update) {
			called("third", update);
		}

	}

	static class PlainListener extends Recorder implements ApplicationListener<TaskUpdateEvent<?>>, Ordered {

		PlainListener(Calls calls) {
			super(calls);
		}

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

		@Override
		public void onApplicationEvent(TaskUpdateEvent<?> event) {
			called("plain", event);
		}

	}

	static class SmartListener extends Recorder implements SmartApplicationListener {

		SmartListener(Calls calls) {
			super(calls);
		}

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

		@Override
		public boolean supportsEventType(Class<? extends ApplicationEvent> eventType) {
			return TaskUpdateEvent.class.isAssignableFrom(eventType);
		}

		@Override
		public void onApplicationEvent(ApplicationEvent event) {
			called("plain", event);
		}

	}

	static class GenericListener extends Recorder implements GenericApplicationListener {

		GenericListener(Calls calls) {
			super(calls);
		}

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

		@Override
		public boolean supportsEventType(ResolvableType eventType) {
			return ResolvableType.forClassWithGenerics(TaskUpdateEvent.class, TaskEnd.class)
				.isAssignableFrom(eventType);
		}

		@Override
		public void onApplicationEvent(ApplicationEvent event) {
			called("plain", event);
		}

	}

}
