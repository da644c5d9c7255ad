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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.event.TransactionalEventListenerFactory;

import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateEvent;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * Which listeners take the end of a task, so that it is acknowledged.
 */
class TakenEndsTests {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final EventPublishingHandler handler = new EventPublishingHandler(this.context, () -> "watcher", false);

	@AfterEach
	void close() {
		this.context.close();
	}

	private void start(Class<?>... listeners) {
		this.context.register(TaskUpdateListenerFactory.class);
		for (Class<?> listener : listeners) {
			this.context.register(listener);
		}
		this.context.refresh();
	}

	private static TaskEnd end(String name, boolean incomplete) {
		UpdateHeader header = new UpdateHeader(UpdateType.TASK_END, "1", null, null, name, null, 1L, incomplete,
				Map.of());
		return new TaskEnd(header, TaskContext.of("1"), null, null, true);
	}

	private boolean isTaken(TaskEnd end) throws Exception {
		this.handler.handle(end);
		return this.handler.hasTaken(end);
	}

	static Stream<Arguments> listeners() {
		return Stream.of(argumentSet("end", OfEnd.class, true), argumentSet("update", OfUpdate.class, true),
				argumentSet("event", OfEvent.class, true), argumentSet("payload event", OfPayload.class, true),
				argumentSet("classes", OfClasses.class, true), argumentSet("condition", OnlyInvoices.class, true),
				argumentSet("condition of the event", OnlyInvoiceEvents.class, true),
				argumentSet("plain listener", Plain.class, true), argumentSet("other update", OfStart.class, false),
				argumentSet("condition that is false", OnlyOrders.class, false),
				argumentSet("condition without an input", OnlyComplete.class, false),
				argumentSet("execution that is off", Off.class, false), argumentSet("object", OfObject.class, false),
				argumentSet("record", OfRecord.class, false), argumentSet("any event", OfAnyEvent.class, false),
				argumentSet("plain listener of any event", PlainOfAny.class, false),
				argumentSet("plain listener of any payload", PlainOfAnyPayload.class, false),
				argumentSet("plain listener of another update", PlainOfStart.class, false));
	}

	@ParameterizedTest
	@MethodSource("listeners")
	void areThoseThatAListenerAsksFor(Class<?> listener, boolean taken) throws Exception {
		start(listener);
		assertThat(isTaken(end("invoice", true))).isEqualTo(taken);
	}

	static Stream<Arguments> transactionalListeners() {
		return Stream.of(argumentSet("after the commit", AfterCommit.class, true, false),
				argumentSet("with or without a transaction", WithoutTransaction.class, true, true),
				argumentSet("after a rollback", AfterRollback.class, false, false),
				argumentSet("condition that is true", AfterCommitOfInvoices.class, true, false),
				argumentSet("condition that is false", AfterCommitOfOrders.class, false, false),
				argumentSet("condition without an input", AfterCommitOfInput.class, false, false));
	}

	@ParameterizedTest
	@MethodSource("transactionalListeners")
	void areThoseThatATransactionalListenerIsCalledWith(Class<?> listener, boolean inTransaction,
			boolean withoutTransaction) throws Exception {
		this.context.register(TransactionalEventListenerFactory.class);
		start(listener);
		assertThat(isTaken(end("invoice", true))).isEqualTo(withoutTransaction);
		EventPublishingHandler transactional = new EventPublishingHandler(this.context, () -> "watcher", true);
		TaskEnd end = end("invoice", true);
		transactional.handle(end);
		assertThat(transactional.hasTaken(end)).isEqualTo(inTransaction);
	}

	@Test
	void areNoneWithoutAListener() throws Exception {
		start();
		assertThat(isTaken(end("invoice", false))).isFalse();
	}

	@Test
	void areThoseThatOneOfTheListenersTakes() throws Exception {
		start(OfObject.class, OnlyOrders.class, OnlyInvoices.class);
		assertThat(isTaken(end("invoice", false))).isTrue();
		assertThat(isTaken(end("order", false))).isTrue();
		assertThat(isTaken(end("other", false))).isFalse();
	}

	@Test
	void areTakenAlthoughAnotherListenerFailsAtFirst() throws Exception {
		start(OfEnd.class, FailsOnce.class);
		TaskEnd end = end("invoice", false);
		assertThatIllegalStateException().isThrownBy(() -> this.handler.handle(end));
		assertThat(isTaken(end)).isTrue();
	}

	@Test
	void areTakenByAListenerThatIsAddedLater() throws Exception {
		start();
		assertThat(isTaken(end("invoice", false))).isFalse();
		this.context.addApplicationListener(new Plain());
		assertThat(isTaken(end("invoice", false))).isTrue();
	}

	@Test
	void areTakenInTheParent() throws Exception {
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext()) {
			parent.register(TaskUpdateListenerFactory.class, OfEnd.class);
			parent.refresh();
			this.context.setParent(parent);
			start();
			assertThat(isTaken(end("invoice", false))).isTrue();
		}
	}

	@Test
	void areAllIfListenersAreNotKnown() throws Exception {
		List<Object> published = new ArrayList<>();
		EventPublishingHandler other = new EventPublishingHandler(published::add, () -> "watcher", false);
		TaskEnd end = end("invoice", false);
		other.handle(end);
		assertThat(other.hasTaken(end)).isTrue();
	}

	static class AfterCommit {

		@TransactionalEventListener
		void on(TaskEnd update) {
		}

	}

	static class WithoutTransaction {

		@TransactionalEventListener(fallbackExecution = true)
		void on(TaskEnd update) {
		}

	}

	static class AfterRollback {

		@TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
		void on(TaskEnd update) {
		}

	}

	static class AfterCommitOfInvoices {

		@TransactionalEventListener(condition = "#end.name() == 'invoice'")
		void on(TaskEnd end) {
		}

	}

	static class AfterCommitOfOrders {

		@TransactionalEventListener(condition = "#end.name() == 'order'")
		void on(TaskEnd end) {
		}

	}

	static class AfterCommitOfInput {

		@TransactionalEventListener(condition = "#end.context().input().size() > 0")
		void on(TaskEnd end) {
		}

	}

	static class OfEnd {

		@EventListener
		void on(TaskEnd update) {
		}

	}

	static class OfUpdate {

		@EventListener
		void on(TaskUpdate update) {
		}

	}

	static class OfEvent {

		@EventListener
		void on(TaskUpdateEvent<?> event) {
		}

	}

	static class OfPayload {

		@EventListener
		void on(PayloadApplicationEvent<TaskEnd> event) {
		}

	}

	static class OfClasses {

		@EventListener({ TaskEnd.class, IllegalStateException.class })
		void on(Object received) {
		}

	}

	static class OnlyInvoices {

		@EventListener(condition = "#end.name() == 'invoice'")
		void on(TaskEnd end) {
		}

	}

	static class OnlyInvoiceEvents {

		@EventListener(condition = "#event.payload.name() == 'invoice'")
		void on(TaskUpdateEvent<TaskEnd> event) {
		}

	}

	static class OnlyOrders {

		@EventListener(condition = "#end.name() == 'order'")
		void on(TaskEnd end) {
		}

	}

	static class OnlyComplete {

		@EventListener(condition = "#end.name() == 'invoice' and !#end.incomplete()")
		void on(TaskEnd end) {
		}

	}

	static class OfStart {

		@EventListener
		void on(TaskStart update) {
		}

	}

	static class Off {

		@EventListener(defaultExecution = false)
		void on(TaskEnd update) {
		}

	}

	static class OfObject {

		@EventListener
		void on(Object event) {
		}

	}

	static class OfRecord {

		@EventListener
		void on(Record event) {
		}

	}

	static class OfAnyEvent {

		@EventListener
		void on(ApplicationEvent event) {
		}

	}

	static class FailsOnce {

		private boolean failed;

		@EventListener
		void on(Object event) {
			if (event instanceof TaskEnd && !this.failed) {
				this.failed = true;
				throw new IllegalStateException("once");
			}
		}

	}

	static class Plain implements ApplicationListener<TaskUpdateEvent<TaskEnd>> {

		@Override
		public void onApplicationEvent(TaskUpdateEvent<TaskEnd> event) {
		}

	}

	static class PlainOfStart implements ApplicationListener<TaskUpdateEvent<TaskStart>> {

		@Override
		public void onApplicationEvent(TaskUpdateEvent<TaskStart> event) {
		}

	}

	static class PlainOfAny implements ApplicationListener<ApplicationEvent> {

		@Override
		public void onApplicationEvent(ApplicationEvent event) {
		}

	}

	static class PlainOfAnyPayload implements ApplicationListener<PayloadApplicationEvent<?>> {

		@Override
		public void onApplicationEvent(PayloadApplicationEvent<?> event) {
		}

	}

}
