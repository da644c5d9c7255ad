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

import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.EventListener;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.core.ResolvableType;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionalApplicationListener;
import org.springframework.transaction.event.TransactionalEventListener;

import cloud.requence.task.NodeEnd;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateEvent;
import cloud.requence.task.TaskUpdateHandler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link ListenerInspection} as {@link TaskUpdateListenerFactory} makes it.
 */
@ExtendWith(OutputCaptureExtension.class)
class ListenerInspectionTests {

	private static final String WARNING = "Task updates may be lost: ";

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	@AfterEach
	void close() {
		this.context.close();
	}

	private @Nullable String outcomeUnknown(Class<?>... classes) {
		this.context.register(TaskUpdateListenerFactory.class);
		this.context.register(classes);
		this.context.refresh();
		return new EventPublishingHandler(this.context, () -> "watcher", false).outcomeUnknown();
	}

	private static void assertWarnings(CapturedOutput output, int expected) {
		assertThat(output.getAll().lines().filter((line) -> line.contains(WARNING))).hasSize(expected)
			.allMatch((line) -> line.contains("WARN") && line.contains(". Remedy: "));
	}

	@Nested
	class ListenersThatTakeNothing {

		@Test
		void areFoundIfTheyTakeAPartOfAnUpdate(CapturedOutput output) {
			outcomeUnknown(ListenerOfContexts.class, OrdinaryListeners.class);
			assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).singleElement()
				.asString()
				.contains(ListenerOfContexts.class.getName()
						+ ".on is not called: it takes a parameter of type TaskContext");
			assertThat(output).doesNotContain("No listener");
		}

		@Test
		void areNotThoseOfAllEvents(CapturedOutput output) {
			outcomeUnknown(ListenerOfObjects.class);
			assertThat(output).doesNotContain("No listener")
				.contains(
						"Only listeners of all events take task updates: " + ListenerOfObjects.class.getName() + ".on.")
				.contains("ends of tasks are not acknowledged");
		}

	}

	@Nested
	class ConditionsThatCannotBeEvaluated {

		@Test
		void areWarnedOf(CapturedOutput output) {
			outcomeUnknown(ListenersWithConditions.class);
			assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).hasSize(2)
				.anyMatch((line) -> line.contains("The condition of " + ListenersWithConditions.class.getName()
						+ ".unbalanced cannot be"
						+ " parsed, so that the delivery of its updates fails: Expression [#end.name( == 'invoice']"))
				.anyMatch((line) -> line.contains(ListenersWithConditions.class.getName()
						+ ".otherName refers to #event, which is null, as the method has no such parameter"));
		}

	}

	static class ListenersWithConditions {

		@EventListener(condition = "#end.name( == 'invoice'")
		void unbalanced(TaskEnd end) {
		}

		@EventListener(condition = "#event.name() == 'invoice'")
		void otherName(TaskEnd end) {
		}

		@EventListener(
				condition = "#end.name() == 'invoice' and #a0 == #p0 and event == #root.event and #root.args.length > 0")
		void right(TaskEnd end) {
		}

		@EventListener(condition = "#other.isEmpty() and")
		void notOfUpdates(String text) {
		}

	}

	static class ListenerOfContexts {

		@EventListener
		void on(TaskContext context) {
			throw new IllegalStateException();
		}

	}

	static class ListenerOfObjects {

		@EventListener
		void on(Object event) {
		}

	}

	@Nested
	class FindsNothing {

		@Test
		void inAnOrdinaryApplication(CapturedOutput output) {
			assertThat(outcomeUnknown(OrdinaryListeners.class)).isNull();
			assertWarnings(output, 0);
		}

		@Test
		void whereListenersTakeOtherEvents(CapturedOutput output) {
			assertThat(outcomeUnknown(Asynchronous.class, Transactional.class, ListenersOfOtherEvents.class)).isNull();
			assertWarnings(output, 0);
		}

		@Test
		void whereAsyncIsNotEnabled(CapturedOutput output) {
			assertThat(outcomeUnknown(AsyncListener.class)).isNull();
			assertWarnings(output, 0);
		}

		@Test
		void whereTransactionalListenersAreNot(CapturedOutput output) {
			assertThat(outcomeUnknown(TransactionalListener.class)).isNull();
			assertWarnings(output, 0);
		}

		@Test
		void whereTransactionalListenersNeedNoTransaction(CapturedOutput output) {
			assertThat(outcomeUnknown(Transactional.class, FallbackListener.class)).isNull();
			assertWarnings(output, 0);
		}

		@Test
		void whereAHandlerTakesThePlaceOfEvents(CapturedOutput output) {
			ListenerInspectionTests.this.context.registerBean(TaskUpdateHandler.class, () -> (update) -> {
			});
			outcomeUnknown(AsyncMulticaster.class);
			assertWarnings(output, 0);
		}

	}

	@Nested
	class FindsTheMulticaster {

		@Test
		void thatHasATaskExecutor(CapturedOutput output) {
			assertThat(outcomeUnknown(AsyncMulticaster.class)).contains("has a task executor");
			assertWarnings(output, 1);
			assertThat(output).contains("remove the task executor");
		}

		@Test
		void thatHasAnErrorHandler(CapturedOutput output) {
			assertThat(outcomeUnknown(SwallowingMulticaster.class)).contains("has an error handler");
			assertWarnings(output, 1);
			assertThat(output).contains("remove the error handler");
		}

		@Test
		void thatIsNotOfSpring(CapturedOutput output) {
			assertThat(outcomeUnknown(ForeignMulticasterConfiguration.class))
				.contains(ForeignMulticaster.class.getName());
			assertWarnings(output, 1);
		}

		@Test
		void ofTheParent(CapturedOutput output) {
			try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext(
					AsyncMulticaster.class)) {
				ListenerInspectionTests.this.context.setParent(parent);
				assertThat(outcomeUnknown(OrdinaryListeners.class)).contains("has a task executor");
			}
			assertWarnings(output, 1);
		}

		@Test
		void ofTheParentOnce(CapturedOutput output) {
			try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext(
					AsyncMulticaster.class, TaskUpdateListenerFactory.class)) {
				ListenerInspectionTests.this.context.setParent(parent);
				assertThat(outcomeUnknown(OrdinaryListeners.class)).containsOnlyOnce("has a task executor");
			}
			assertWarnings(output, 1);
		}

	}

	@Nested
	class FindsListeners {

		@ParameterizedTest
		@ValueSource(classes = { AsyncListener.class, AsyncBean.class, AsyncApplicationListener.class })
		void thatAreAsync(Class<?> listener, CapturedOutput output) {
			assertThat(outcomeUnknown(Asynchronous.class, listener)).contains(listener.getName()).contains("is @Async");
			assertWarnings(output, 1);
			assertThat(output).contains("remove @Async");
		}

		@ParameterizedTest
		@ValueSource(classes = { MonoListener.class, FutureListener.class })
		void thatReturnBeforeTheyAreDone(Class<?> listener, CapturedOutput output) {
			assertThat(outcomeUnknown(listener)).contains(listener.getName() + ".on returns a ");
			assertWarnings(output, 1);
		}

		@ParameterizedTest
		@ValueSource(classes = { TransactionalListener.class, TransactionalEventOfUpdate.class })
		void thatAreCalledInTransactionsOnly(Class<?> listener, CapturedOutput output) {
			assertThat(outcomeUnknown(Transactional.class, listener))
				.contains(listener.getName() + ".on is a @TransactionalEventListener method");
			assertWarnings(output, 1);
			assertThat(output).contains("use @EventListener");
		}

		@Test
		void thatAreBeansWhichAreCalledInTransactionsOnly(CapturedOutput output) {
			assertThat(outcomeUnknown(TransactionalBean.class))
				.contains(TransactionalBean.class.getName() + " is a transactional listener");
			assertWarnings(output, 1);
			assertThat(output).contains("are not acknowledged", "use @EventListener");
		}

		@Test
		void andTheMulticasterAtOnce(CapturedOutput output) {
			assertThat(outcomeUnknown(AsyncMulticaster.class, Transactional.class, TransactionalListener.class))
				.contains("has a task executor", "; ", "is a @TransactionalEventListener method");
			assertWarnings(output, 2);
		}

	}

	@Test
	void saysThatThereIsNoListenerFactory() {
		this.context.refresh();
		assertThat(new EventPublishingHandler(this.context, () -> "watcher", false).outcomeUnknown())
			.contains(TaskUpdateListenerFactory.class.getSimpleName());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class Asynchronous {

		@Bean
		SimpleAsyncTaskExecutor taskExecutor() {
			return new SimpleAsyncTaskExecutor();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(proxyTargetClass = true)
	static class Transactional {

		@Bean
		PlatformTransactionManager transactionManager() {
			return mock(PlatformTransactionManager.class);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AsyncMulticaster {

		@Bean
		SimpleApplicationEventMulticaster applicationEventMulticaster() {
			SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
			multicaster.setTaskExecutor(new SimpleAsyncTaskExecutor());
			return multicaster;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SwallowingMulticaster {

		@Bean
		SimpleApplicationEventMulticaster applicationEventMulticaster() {
			SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
			multicaster.setErrorHandler((ex) -> {
			});
			return multicaster;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ForeignMulticasterConfiguration {

		@Bean
		ForeignMulticaster applicationEventMulticaster() {
			return new ForeignMulticaster();
		}

	}

	static class ForeignMulticaster implements ApplicationEventMulticaster {

		@Override
		public void addApplicationListener(ApplicationListener<?> listener) {
		}

		@Override
		public void addApplicationListenerBean(String listenerBeanName) {
		}

		@Override
		public void removeApplicationListener(ApplicationListener<?> listener) {
		}

		@Override
		public void removeApplicationListenerBean(String listenerBeanName) {
		}

		@Override
		public void removeApplicationListeners(Predicate<ApplicationListener<?>> predicate) {
		}

		@Override
		public void removeApplicationListenerBeans(Predicate<String> predicate) {
		}

		@Override
		public void removeAllListeners() {
		}

		@Override
		public void multicastEvent(ApplicationEvent event) {
		}

		@Override
		public void multicastEvent(ApplicationEvent event, @Nullable ResolvableType eventType) {
		}

	}

	static class OrdinaryListeners implements ApplicationListener<TaskUpdateEvent<?>> {

		@EventListener
		void on(TaskEnd update) {
		}

		@EventListener
		String onEvent(TaskUpdateEvent<TaskStart> event) {
			return "result";
		}

		@Override
		public void onApplicationEvent(TaskUpdateEvent<?> event) {
		}

	}

	static class ListenersOfOtherEvents {

		@Async
		@EventListener
		void onString(String event) {
		}

		@Async
		@EventListener
		void onAnything(Object event) {
		}

		@EventListener(String.class)
		Mono<Void> onStringWithMono() {
			return Mono.empty();
		}

		@TransactionalEventListener
		void afterTransaction(String event) {
		}

		@TransactionalEventListener
		void afterTransactionWithAnything(Object event) {
		}

	}

	static class AsyncListener {

		@Async
		@EventListener
		void on(TaskEnd update) {
		}

	}

	@Async
	static class AsyncBean {

		@EventListener
		void on(TaskUpdate update) {
		}

	}

	static class AsyncApplicationListener implements ApplicationListener<TaskUpdateEvent<NodeEnd>> {

		@Async
		@Override
		public void onApplicationEvent(TaskUpdateEvent<NodeEnd> event) {
		}

	}

	static class MonoListener {

		@EventListener
		Mono<Void> on(TaskEnd update) {
			return Mono.empty();
		}

	}

	static class FutureListener {

		@EventListener
		CompletableFuture<String> on(TaskEnd update) {
			return CompletableFuture.completedFuture("");
		}

	}

	static class TransactionalListener {

		@TransactionalEventListener
		void on(TaskEnd update) {
		}

	}

	static class TransactionalBean implements TransactionalApplicationListener<TaskUpdateEvent<TaskEnd>> {

		@Override
		public void onApplicationEvent(TaskUpdateEvent<TaskEnd> event) {
		}

		@Override
		public void addCallback(SynchronizationCallback callback) {
		}

		@Override
		public void processEvent(TaskUpdateEvent<TaskEnd> event) {
		}

	}

	static class TransactionalEventOfUpdate {

		@TransactionalEventListener
		void on(TaskUpdateEvent<? extends TaskUpdate> update) {
		}

	}

	static class FallbackListener {

		@TransactionalEventListener(fallbackExecution = true)
		void on(TaskEnd update) {
		}

	}

}
