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

package cloud.requence.task.test;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

import reactor.core.publisher.Flux;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateFailedEvent;
import cloud.requence.task.TaskWatcher;

/**
 * A record of the updates that watchers have delivered. An update is recorded when all of
 * its listeners have succeeded; an update that has failed for good is recorded as a
 * failure.
 * <p>
 * A test that has {@link RecordTaskUpdates @RecordTaskUpdates} gets one for the watchers
 * of its application, as a bean and as a parameter, cleared after each test method:
 * <pre class="code">
 * &#64;Test
 * void booksInvoices(RequenceEmulator emulator, TaskUpdateRecorder updates) {
 *     emulator.task("invoice").start().end(Map.of("booked", true));
 *     TaskEnd end = updates.await(TaskEnd.class);
 * }
 * </pre>
 * <p>
 * Updates that were recorded before a method is called count as well. Safe for use by
 * several threads.
 */
public final class TaskUpdateRecorder {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final RecordedUpdates recorded;

	private final Duration timeout;

	/**
	 * Create a recorder that records nothing yet.
	 */
	public TaskUpdateRecorder() {
		this(new RecordedUpdates(), PATIENCE);
	}

	private TaskUpdateRecorder(RecordedUpdates recorded, Duration timeout) {
		this.recorded = recorded;
		this.timeout = timeout;
	}

	/**
	 * Record what a watcher delivers from now on.
	 * @param watcher the watcher
	 */
	public void record(TaskWatcher watcher) {
		Flux<TaskUpdate> updates = watcher.updates();
		// A mock delivers nothing
		if (updates != null) {
			updates.subscribe(this.recorded::add);
		}
	}

	/**
	 * Record that an update has failed for good.
	 * @param failure the event that reports it
	 */
	public void record(TaskUpdateFailedEvent failure) {
		this.recorded.add(failure);
	}

	/**
	 * Return a recorder of the same updates with another timeout.
	 * @param timeout how long to wait, 10 seconds by default
	 * @return a recorder of the same updates
	 */
	public TaskUpdateRecorder within(Duration timeout) {
		return new TaskUpdateRecorder(this.recorded, timeout);
	}

	/**
	 * Return what was delivered so far.
	 * @return the updates, in the order of their delivery
	 */
	public List<TaskUpdate> updates() {
		return this.recorded.updates(TaskUpdate.class, (update) -> true);
	}

	/**
	 * Return what was delivered so far of one type.
	 * @param <T> the type
	 * @param type the type
	 * @return the updates, in the order of their delivery
	 */
	public <T extends TaskUpdate> List<T> updates(Class<T> type) {
		return this.recorded.updates(type, (update) -> true);
	}

	/**
	 * Wait for an update of a type.
	 * @param <T> the type
	 * @param type the type, {@link TaskUpdate} for any
	 * @return the first one
	 * @throws AssertionError if it is not delivered in time
	 */
	public <T extends TaskUpdate> T await(Class<T> type) {
		return await(type, (update) -> true);
	}

	/**
	 * Wait for an update of a type that meets a condition.
	 * @param <T> the type
	 * @param type the type, {@link TaskUpdate} for any
	 * @param condition the condition
	 * @return the first one
	 * @throws AssertionError if it is not delivered in time
	 */
	public <T extends TaskUpdate> T await(Class<T> type, Predicate<? super T> condition) {
		return this.recorded.await(type, condition, 1, this.timeout).get(0);
	}

	/**
	 * Wait for a number of updates of a type.
	 * @param <T> the type
	 * @param type the type, {@link TaskUpdate} for any
	 * @param count how many
	 * @return the first ones, exactly so many
	 * @throws AssertionError if they are not delivered in time
	 */
	public <T extends TaskUpdate> List<T> await(Class<T> type, int count) {
		return this.recorded.await(type, (update) -> true, count, this.timeout);
	}

	/**
	 * Wait for an update that fails for good: a listener has failed and its retries are
	 * exhausted.
	 * @return the first one
	 * @throws AssertionError if none fails in time
	 */
	public TaskUpdateFailedEvent awaitFailure() {
		return this.recorded.awaitFailure(this.timeout);
	}

	/**
	 * Forget what was recorded so far.
	 */
	public void clear() {
		this.recorded.clear();
	}

}
