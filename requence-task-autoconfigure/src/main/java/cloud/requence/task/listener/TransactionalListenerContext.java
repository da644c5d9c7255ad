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

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.transaction.event.TransactionalApplicationListener;
import org.springframework.transaction.event.TransactionalApplicationListener.SynchronizationCallback;

import cloud.requence.task.TaskUpdateEvent;
import cloud.requence.task.delivery.LoggingContext;

/**
 * Names the update in the logging context while a transactional listener handles it,
 * which is after the delivery of the update if several share a transaction.
 */
final class TransactionalListenerContext implements SynchronizationCallback {

	private final LoggingContext loggingContext;

	// A listener may publish an event that another one takes. There is one for each
	// application context
	@SuppressWarnings("ThreadLocalUsage")
	private final ThreadLocal<@Nullable Runnable> end = new ThreadLocal<>();

	TransactionalListenerContext(LoggingContext loggingContext) {
		this.loggingContext = loggingContext;
	}

	/**
	 * Surround the calls of a listener, if it is transactional.
	 */
	void surround(ApplicationListener<?> listener) {
		if (listener instanceof TransactionalApplicationListener<?> transactional) {
			transactional.addCallback(this);
		}
	}

	@Override
	public void preProcessEvent(ApplicationEvent event) {
		if (event instanceof TaskUpdateEvent<?> updateEvent) {
			Runnable outer = this.end.get();
			LoggingContext.Scope scope = this.loggingContext.enter(updateEvent.getPayload());
			this.end.set(() -> {
				scope.close();
				this.end.set(outer);
			});
		}
	}

	@Override
	public void postProcessEvent(ApplicationEvent event, @Nullable Throwable failure) {
		Runnable current = this.end.get();
		if (event instanceof TaskUpdateEvent<?> && current != null) {
			current.run();
		}
	}

}
