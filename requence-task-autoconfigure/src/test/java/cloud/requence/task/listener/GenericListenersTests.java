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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import cloud.requence.task.Node;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateEvent;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * Listener methods whose parameter is generic in the class that declares them.
 */
class GenericListenersTests {

	private static final List<UpdateType> END = List.of(UpdateType.TASK_END);

	private static final List<UpdateType> ALL = List.of(UpdateType.TASK_START, UpdateType.NODE_END,
			UpdateType.TASK_END);

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final EventPublishingHandler handler = new EventPublishingHandler(this.context, () -> "watcher", false);

	private final Calls calls = new Calls();

	@AfterEach
	void close() {
		this.context.close();
	}

	private void start(Class<?>... configuration) {
		this.context.register(TaskUpdateListenerFactory.class);
		this.context.registerBean(Calls.class, () -> this.calls);
		this.context.register(configuration);
		this.context.refresh();
	}

	private void handleAll() throws Exception {
		TaskContext task = TaskContext.of("1");
		this.handler.handle(new TaskStart(UpdateHeader.of(UpdateType.TASK_START, "1"), task, TaskPayload.of("1")));
		this.handler.handle(new NodeEnd(UpdateHeader.of(UpdateType.NODE_END, "1"), task, new Node("1", null, null)));
		this.handler
			.handle(new TaskEnd(UpdateHeader.of(UpdateType.TASK_END, "1"), task, TaskPayload.of("1"), null, true));
	}

	static Stream<Arguments> listeners() {
		return Stream.of(argumentSet("update", Ends.class, END), argumentSet("event", EndEvents.class, END),
				argumentSet("payload event", EndPayloads.class, END),
				argumentSet("event with a bound", BoundedEndEvents.class, END),
				argumentSet("overriding method", OverridingEnds.class, END),
				argumentSet("overriding method with an annotation", AnnotatedOverridingEnds.class, END),
				argumentSet("two levels", MoreEnds.class, END),
				argumentSet("superclass without a bound", AnythingOfEnds.class, END),
				argumentSet("superclass without a bound, of an event", AnythingOfEndEvents.class, END),
				argumentSet("default method of an interface", EndInterface.class, END),
				argumentSet("all updates", AllUpdates.class, ALL), argumentSet("raw subclass", Raw.class, ALL),
				argumentSet("event of all updates", AllEvents.class, ALL),
				argumentSet("raw subclass of events", RawEvents.class, ALL),
				argumentSet("type of the method", OfMethod.class, ALL), argumentSet("classes", OfClasses.class, END),
				argumentSet("bean definition", Defined.class, END),
				argumentSet("bean definition of a lambda", DefinedAnonymously.class, END),
				argumentSet("proxy of the class", ProxiedClass.class, END),
				argumentSet("proxy of an interface", ProxiedInterface.class, END),
				argumentSet("other event", Numbers.class, List.of()));
	}

	@ParameterizedTest
	@MethodSource("listeners")
	void areCalledWithTheirTypeOnly(Class<?> configuration, List<UpdateType> expected) throws Exception {
		start(configuration);
		handleAll();
		assertThat(this.calls.types).containsExactlyElementsOf(expected);
	}

	@Test
	void receiveOtherEventsOfTheirTypeToo() {
		start(Numbers.class);
		this.context.publishEvent(4711);
		this.context.publishEvent("text");
		assertThat(this.calls.others).containsExactly(4711);
	}

	@Test
	void failWithTheirOwnClassCastException() {
		start(Casting.class);
		assertThatExceptionOfType(ClassCastException.class).isThrownBy(this::handleAll);
	}

	static final class Calls {

		private final List<UpdateType> types = new CopyOnWriteArrayList<>();

		private final List<Object> others = new CopyOnWriteArrayList<>();

		void add(Object received) {
			if (received instanceof TaskUpdate update) {
				this.types.add(update.type());
			}
			else if (received instanceof PayloadApplicationEvent<?> event
					&& event.getPayload() instanceof TaskUpdate update) {
				this.types.add(update.type());
			}
			else {
				this.others.add(received);
			}
		}

	}

	abstract static class Base<T extends TaskUpdate> {

		final Calls calls;

		Base(Calls calls) {
			this.calls = calls;
		}

		@EventListener
		void on(T update) {
			this.calls.add(update);
		}

	}

	static class Ends extends Base<TaskEnd> {

		Ends(Calls calls) {
			super(calls);
		}

	}

	static class OverridingEnds extends Base<TaskEnd> {

		OverridingEnds(Calls calls) {
			super(calls);
		}

		@Override
		void on(TaskEnd update) {
			this.calls.add(update);
		}

	}

	static class AnnotatedOverridingEnds extends Base<TaskEnd> {

		AnnotatedOverridingEnds(Calls calls) {
			super(calls);
		}

		@Override
		@EventListener
		void on(TaskEnd update) {
			this.calls.add(update);
		}

	}

	abstract static class Middle<X, T extends TaskUpdate> extends Base<T> {

		Middle(Calls calls) {
			super(calls);
		}

	}

	static class MoreEnds extends Middle<String, TaskEnd> {

		MoreEnds(Calls calls) {
			super(calls);
		}

	}

	static class AllUpdates extends Base<TaskUpdate> {

		AllUpdates(Calls calls) {
			super(calls);
		}

	}

	@SuppressWarnings("rawtypes")
	static class Raw extends Base {

		@SuppressWarnings("unchecked")
		Raw(Calls calls) {
			super(calls);
		}

	}

	abstract static class EventBase<T extends TaskUpdate> {

		private final Calls calls;

		EventBase(Calls calls) {
			this.calls = calls;
		}

		@EventListener
		void on(TaskUpdateEvent<T> event) {
			this.calls.add(event);
		}

	}

	static class EndEvents extends EventBase<TaskEnd> {

		EndEvents(Calls calls) {
			super(calls);
		}

	}

	static class AllEvents extends EventBase<TaskUpdate> {

		AllEvents(Calls calls) {
			super(calls);
		}

	}

	@SuppressWarnings("rawtypes")
	static class RawEvents extends EventBase {

		@SuppressWarnings("unchecked")
		RawEvents(Calls calls) {
			super(calls);
		}

	}

	abstract static class PayloadBase<T> {

		private final Calls calls;

		PayloadBase(Calls calls) {
			this.calls = calls;
		}

		@EventListener
		void on(PayloadApplicationEvent<T> event) {
			this.calls.add(event);
		}

	}

	static class EndPayloads extends PayloadBase<TaskEnd> {

		EndPayloads(Calls calls) {
			super(calls);
		}

	}

	abstract static class BoundedEventBase<T extends TaskUpdate> {

		private final Calls calls;

		BoundedEventBase(Calls calls) {
			this.calls = calls;
		}

		@EventListener
		void on(TaskUpdateEvent<? extends T> event) {
			this.calls.add(event);
		}

	}

	static class BoundedEndEvents extends BoundedEventBase<TaskEnd> {

		BoundedEndEvents(Calls calls) {
			super(calls);
		}

	}

	abstract static class AnythingBase<T> {

		private final Calls calls;

		AnythingBase(Calls calls) {
			this.calls = calls;
		}

		@EventListener
		void on(T received) {
			this.calls.add(received);
		}

	}

	static class AnythingOfEnds extends AnythingBase<TaskEnd> {

		AnythingOfEnds(Calls calls) {
			super(calls);
		}

	}

	static class AnythingOfEndEvents extends AnythingBase<TaskUpdateEvent<TaskEnd>> {

		AnythingOfEndEvents(Calls calls) {
			super(calls);
		}

	}

	static class Numbers extends AnythingBase<Integer> {

		Numbers(Calls calls) {
			super(calls);
		}

	}

	interface GenericInterface<T extends TaskUpdate> {

		@EventListener
		default void on(T update) {
			calls().add(update);
		}

		Calls calls();

	}

	record EndInterface(Calls calls) implements GenericInterface<TaskEnd> {

	}

	static class OfMethod {

		private final Calls calls;

		OfMethod(Calls calls) {
			this.calls = calls;
		}

		@EventListener
		<T extends TaskUpdate> void on(T update) {
			this.calls.add(update);
		}

	}

	abstract static class ClassesBase<T> {

		private final Calls calls;

		ClassesBase(Calls calls) {
			this.calls = calls;
		}

		@EventListener(TaskEnd.class)
		void on(T received) {
			this.calls.add(received);
		}

	}

	static class OfClasses extends ClassesBase<TaskUpdate> {

		OfClasses(Calls calls) {
			super(calls);
		}

	}

	static class Concrete<T extends TaskUpdate> extends Base<T> {

		Concrete(Calls calls) {
			super(calls);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Defined {

		@Bean
		Concrete<TaskEnd> ends(Calls calls) {
			return new Concrete<>(calls);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DefinedAnonymously {

		@Bean
		Base<TaskEnd> ends(Calls calls) {
			return new Concrete<>(calls) {
			};
		}

	}

	abstract static class Proxying {

		@Bean
		static MethodInterceptor interceptor() {
			return (invocation) -> invocation.proceed();
		}

		static BeanNameAutoProxyCreator creator(boolean proxyTargetClass) {
			BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
			creator.setBeanNames("ends");
			creator.setInterceptorNames("interceptor");
			creator.setProxyTargetClass(proxyTargetClass);
			return creator;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ProxiedClass extends Proxying {

		@Bean
		static BeanNameAutoProxyCreator creator() {
			return creator(true);
		}

		@Bean
		Ends ends(Calls calls) {
			return new Ends(calls);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ProxiedInterface extends Proxying {

		@Bean
		static BeanNameAutoProxyCreator creator() {
			return creator(false);
		}

		@Bean
		GenericInterface<TaskEnd> ends(Calls calls) {
			return new EndInterface(calls);
		}

	}

	static class Casting extends Base<TaskEnd> {

		Casting(Calls calls) {
			super(calls);
		}

		@Override
		void on(TaskEnd update) {
			Object text = "text";
			this.calls.add((Integer) text);
		}

	}

}
