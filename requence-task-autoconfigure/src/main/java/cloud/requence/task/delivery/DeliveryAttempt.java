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

package cloud.requence.task.delivery;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskUpdateErrorHandler;

/**
 * One attempt to deliver an update to all listeners: who was called, and how it ended.
 * Confined to the thread that makes the attempt; on any other thread, and once it is
 * over, it takes no notice.
 */
final class DeliveryAttempt {

	/*
	 * An exception may be a shared instance, such as those that the virtual machine makes
	 * for frequent failures: it must not collect others for ever.
	 */
	private static final int MAX_SUPPRESSED = 16;

	private final Thread thread = Thread.currentThread();

	// Few, and compared by identity: faster than a set
	private final List<Object> called = new ArrayList<>(4);

	private final List<Object> succeeded;

	private final List<Object> failed = new ArrayList<>(0);

	private final List<Throwable> failures = new ArrayList<>(0);

	private boolean over;

	/**
	 * Create an attempt.
	 * @param succeeded the listeners that have succeeded in earlier attempts, to be added
	 * to
	 */
	DeliveryAttempt(List<Object> succeeded) {
		this.succeeded = succeeded;
	}

	boolean isUnderWay() {
		return Thread.currentThread() == this.thread && !this.over;
	}

	/**
	 * Call a listener, unless it was called in this attempt or has succeeded before.
	 * @param listener the listener
	 * @param call the call; returns whether the listener was called, and not kept from
	 * the update by its condition
	 */
	void call(Object listener, BooleanSupplier call) {
		if (contains(this.succeeded, listener) || contains(this.called, listener)) {
			return;
		}
		this.called.add(listener);
		boolean returned = run(() -> {
			if (call.getAsBoolean()) {
				this.succeeded.add(listener);
			}
		});
		if (!returned) {
			this.failed.add(listener);
		}
	}

	/**
	 * Run an action whose exceptions are failures of this attempt.
	 * @param action the action
	 * @return whether it has succeeded
	 */
	boolean run(Runnable action) {
		try {
			action.run();
			return true;
		}
		catch (Throwable ex) {
			failed(unwrap(ex));
			return false;
		}
	}

	private void failed(Throwable failure) {
		if (failure instanceof Error error && isEndOfThread(error)) {
			throw error;
		}
		this.failures.add(failure);
	}

	// By name: the class is to be removed from the platform
	private static boolean isEndOfThread(Error error) {
		return error.getClass().getName().equals("java.lang.ThreadDeath");
	}

	private static Throwable unwrap(Throwable ex) {
		Throwable unwrapped = ex;
		while ((unwrapped instanceof UndeclaredThrowableException || unwrapped instanceof InvocationTargetException)) {
			Throwable cause = unwrapped.getCause();
			if (cause == null) {
				break;
			}
			unwrapped = cause;
		}
		return unwrapped;
	}

	/**
	 * End this attempt.
	 * @return the failure to report, with the others suppressed; {@code null} if there
	 * was none. One that may pass comes before those that will not: it is worth another
	 * attempt, whatever the other listeners do.
	 */
	@Nullable Throwable end() {
		this.over = true;
		if (this.failures.isEmpty()) {
			return null;
		}
		Throwable reported = this.failures.stream()
			.filter((failure) -> !TaskUpdateErrorHandler.isPermanent(failure))
			.findFirst()
			.orElse(this.failures.get(0));
		for (Throwable failure : this.failures) {
			if (failure != reported && reported.getSuppressed().length < MAX_SUPPRESSED) {
				reported.addSuppressed(failure);
			}
		}
		return reported;
	}

	List<Object> succeeded() {
		return this.succeeded;
	}

	List<Object> failed() {
		return this.failed;
	}

	private static boolean contains(List<Object> listeners, Object listener) {
		for (Object candidate : listeners) {
			if (candidate == listener) {
				return true;
			}
		}
		return false;
	}

}
