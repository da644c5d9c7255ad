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

import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateEvent;
import cloud.requence.task.delivery.LoggingContext;
import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TransactionalListenerContext}.
 */
class TransactionalListenerContextTests {

	private static List<String> seenBy(LoggingContext loggingContext, boolean rollback) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(Transactions.class, Listener.class);
			context.registerBean(TaskUpdateListenerFactory.class,
					() -> new TaskUpdateListenerFactory(true, loggingContext));
			context.refresh();
			Listener listener = context.getBean(Listener.class);
			new TransactionTemplate(new IdleTransactionManager()).executeWithoutResult((status) -> {
				for (String taskId : List.of("task-1", "task-2")) {
					context.publishEvent(new TaskUpdateEvent<>(context, TestTask.of(taskId).start()));
				}
				context.publishEvent("other");
				if (rollback) {
					status.setRollbackOnly();
				}
			});
			assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
			return listener.seen;
		}
	}

	@Test
	void eachUpdateOfATransactionIsNamed() {
		assertThat(seenBy(LoggingContext.mdc(), false)).containsExactly("before commit task-1", "before commit task-2",
				"after commit task-1", "after commit task-2", "after commit of another event null");
	}

	@Test
	void failuresAreNamedAndLeaveNothingBehind() {
		assertThat(seenBy(LoggingContext.mdc(), true)).containsExactly("after rollback task-1",
				"after rollback task-2");
	}

	@Test
	void nothingIsNamedIfItIsOff() {
		assertThat(seenBy(LoggingContext.NONE, false)).contains("after commit null")
			.doesNotContain("after commit task-1");
	}

	static class Listener {

		private final List<String> seen = new ArrayList<>();

		private void see(String phase) {
			this.seen.add(phase + " " + MDC.get("requence.task.id"));
		}

		@TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
		void beforeCommit(TaskUpdate update) {
			see("before commit");
		}

		@TransactionalEventListener
		void afterCommit(TaskUpdate update) {
			see("after commit");
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
		void afterRollback(TaskUpdate update) {
			see("after rollback");
			throw new IllegalStateException("test");
		}

		@TransactionalEventListener
		void other(String event) {
			see("after commit of another event");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class Transactions {

	}

	private static final class IdleTransactionManager extends AbstractPlatformTransactionManager {

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
		}

	}

}
