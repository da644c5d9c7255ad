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

package cloud.requence.task.context;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import cloud.requence.task.support.LogText;

/**
 * Asks the platform for tasks whose start was not seen: each once, a few at a time, and
 * not too many a second. What is not answered at a stop is asked after the next start.
 * <p>
 * All state is guarded by this object; nothing is asked under the lock.
 */
public final class ContextRecoverer {

	private static final Log logger = LogFactory.getLog(ContextRecoverer.class);

	private static final int MAX_IN_FLIGHT = 4;

	private static final Duration PAUSE = Duration.ofMillis(10);

	private static final int REMEMBERED = 1000;

	private final String watcher;

	private final Function<String, Mono<TaskSnapshot>> source;

	// By task, as long as there is no answer; the eldest are forgotten
	private final Map<String, RecoveredContext> contexts = new LinkedHashMap<>();

	// No deque: one that cannot grow, for lack of memory, loses what it contains
	private final List<RecoveredContext> waiting = new ArrayList<>();

	private final Map<RecoveredContext, Disposable.Swap> inFlight = new LinkedHashMap<>();

	private Scheduler.@Nullable Worker worker;

	private boolean pausing;

	private boolean failureTold;

	private BiConsumer<String, TaskSnapshot> listener = (taskId, snapshot) -> {
	};

	/**
	 * Create a recoverer, not started.
	 * @param watcher the name of the watcher, for logs
	 * @param source asks the platform for a task; empty or an error if it is not returned
	 */
	public ContextRecoverer(String watcher, Function<String, Mono<TaskSnapshot>> source) {
		this.watcher = watcher;
		this.source = source;
	}

	/**
	 * Set the callback for fetched tasks. It is called before the updates that wait for
	 * the task continue.
	 * @param listener called with the identifier of a task and its description
	 */
	public synchronized void listener(BiConsumer<String, TaskSnapshot> listener) {
		this.listener = listener;
	}

	/**
	 * Begin to ask.
	 * @param worker makes the pauses; the caller disposes of it
	 */
	public void start(Scheduler.Worker worker) {
		synchronized (this) {
			this.worker = worker;
			this.pausing = false;
		}
		askNext();
	}

	/**
	 * Stop fetching tasks.
	 */
	public void stop() {
		Map<RecoveredContext, Disposable.Swap> unfinished;
		synchronized (this) {
			this.worker = null;
			unfinished = new LinkedHashMap<>(this.inFlight);
			this.inFlight.clear();
			this.waiting.addAll(0, unfinished.keySet());
		}
		unfinished.values().forEach(Disposable::dispose);
	}

	/**
	 * Forget all tasks.
	 */
	public synchronized void clear() {
		this.contexts.clear();
		this.waiting.clear();
		this.inFlight.values().forEach(Disposable::dispose);
		this.inFlight.clear();
	}

	/**
	 * Ask for a task, unless that was done before.
	 * @param taskId the identifier of the task
	 * @return what comes of it
	 */
	public RecoveredContext recover(String taskId) {
		RecoveredContext context;
		synchronized (this) {
			context = this.contexts.get(taskId);
			if (context != null) {
				return context;
			}
			context = new RecoveredContext(taskId);
			this.contexts.put(taskId, context);
			this.waiting.add(context);
			if (this.contexts.size() > REMEMBERED) {
				this.contexts.remove(this.contexts.keySet().iterator().next());
			}
		}
		askNext();
		return context;
	}

	private void askNext() {
		RecoveredContext next;
		Disposable.Swap subscription = Disposables.swap();
		synchronized (this) {
			Scheduler.Worker current = this.worker;
			if (current == null || this.pausing || this.waiting.isEmpty() || this.inFlight.size() >= MAX_IN_FLIGHT) {
				return;
			}
			// First, as this may fail: nothing would be asked any more, and updates wait
			current.schedule(this::afterPause, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
			this.pausing = true;
			next = this.waiting.get(0);
			this.inFlight.put(next, subscription);
			this.waiting.remove(0);
		}
		try {
			subscription.update(Mono.defer(() -> this.source.apply(next.taskId()))
				.subscribe((snapshot) -> answered(next, snapshot, null), (error) -> answered(next, null, error),
						() -> answered(next, null, null)));
		}
		// What Reactor takes for fatal is thrown here, and updates wait for an answer
		catch (Throwable ex) {
			answered(next, null, ex);
		}
	}

	private void afterPause() {
		synchronized (this) {
			this.pausing = false;
		}
		askNext();
	}

	private void answered(RecoveredContext context, @Nullable TaskSnapshot snapshot, @Nullable Throwable error) {
		BiConsumer<String, TaskSnapshot> current;
		synchronized (this) {
			if (this.inFlight.remove(context) == null) {
				return;
			}
			if (snapshot == null) {
				tellFailure(error);
			}
			current = this.listener;
		}
		try {
			if (snapshot != null) {
				current.accept(context.taskId(), snapshot);
				synchronized (this) {
					this.contexts.remove(context.taskId(), context);
				}
			}
		}
		finally {
			// Updates wait for it
			context.done(snapshot);
			askNext();
		}
	}

	private void tellFailure(@Nullable Throwable error) {
		String message = LogText.watcher(this.watcher) + ": a task cannot be fetched from the platform. Its start was"
				+ " not seen; its updates stay incomplete"
				+ ((error != null) ? " (" + error.getClass().getSimpleName() + ")" : "");
		if (!this.failureTold) {
			this.failureTold = true;
			logger.warn(message + "; further failures of this kind are logged at debug level");
		}
		else {
			logger.debug(message);
		}
	}

}
