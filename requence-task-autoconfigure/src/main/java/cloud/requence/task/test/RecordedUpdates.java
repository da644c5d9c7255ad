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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateFailedEvent;

/**
 * Updates and failures in the order in which they came. Safe for use by any thread.
 */
final class RecordedUpdates {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final List<TaskUpdate> updates = new ArrayList<>();

	private final List<TaskUpdateFailedEvent> failures = new ArrayList<>();

	void add(TaskUpdate update) {
		change(() -> this.updates.add(update));
	}

	void add(TaskUpdateFailedEvent failure) {
		change(() -> this.failures.add(failure));
	}

	void clear() {
		change(() -> {
			this.updates.clear();
			this.failures.clear();
		});
	}

	private void change(Runnable change) {
		this.lock.lock();
		try {
			change.run();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	<T extends TaskUpdate> List<T> updates(Class<T> type, Predicate<? super T> condition) {
		this.lock.lock();
		try {
			return this.updates.stream().filter(type::isInstance).map(type::cast).filter(condition).toList();
		}
		finally {
			this.lock.unlock();
		}
	}

	<T extends TaskUpdate> List<T> await(Class<T> type, Predicate<? super T> condition, int count, Duration timeout) {
		return await(() -> updates(type, condition), count, timeout,
				(count == 1) ? type.getSimpleName() : count + " of " + type.getSimpleName());
	}

	TaskUpdateFailedEvent awaitFailure(Duration timeout) {
		return await(() -> this.failures, 1, timeout, "failure").get(0);
	}

	private <T> List<T> await(Supplier<List<T>> source, int count, Duration timeout, String expected) {
		this.lock.lock();
		try {
			long left = timeout.toNanos();
			List<T> found = source.get();
			while (found.size() < count) {
				if (left <= 0) {
					throw missing(expected, timeout);
				}
				left = this.changed.awaitNanos(left);
				found = source.get();
			}
			return List.copyOf(found.subList(0, count));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted while waiting for " + expected, ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private AssertionError missing(String expected, Duration timeout) {
		String delivered = this.updates.stream()
			.map((update) -> update.type().wireName() + " of " + update.taskId())
			.collect(Collectors.joining(", ", "[", "]"));
		String failed = this.failures.stream()
			.map((failure) -> failure.update().type().wireName() + " of " + failure.update().taskId())
			.collect(Collectors.joining(", ", "[", "]"));
		AssertionError error = new AssertionError("There was no " + expected + " within " + timeout.toMillis()
				+ " ms. Delivered: " + delivered + ", failed: " + failed);
		this.failures.forEach((failure) -> error.addSuppressed(failure.exception()));
		return error;
	}

}
