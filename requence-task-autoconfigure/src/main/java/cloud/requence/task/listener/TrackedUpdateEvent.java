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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskUpdateEvent;

/**
 * A {@link TaskUpdateEvent} that listeners leave their outcome with: one attempt to
 * deliver an update to all of them. Listeners see no difference: the resolvable type is
 * that of the event.
 * <p>
 * The attempt is confined to the thread that makes it; on any other thread, and once it
 * is over, this is an event like any other. There is one for each update, so that nothing
 * is created before it is needed.
 *
 * @param <T> the type of the update
 */
final class TrackedUpdateEvent<T extends TaskUpdate> extends TaskUpdateEvent<T> {

	/*
	 * An exception may be a shared instance, such as those that the virtual machine makes
	 * for frequent failures: it must not collect others for ever.
	 */
	private static final int MAX_SUPPRESSED = 16;

	private final transient Thread thread = Thread.currentThread();

	// Those that have succeeded in earlier attempts. Lists are few and compared by
	// identity, which is faster than a set
	private final transient List<TrackedListener> earlier;

	// Most updates have one listener
	private transient @Nullable TrackedListener first;

	private transient @Nullable List<TrackedListener> others;

	// Of those that were called
	private transient @Nullable List<TrackedListener> keptByCondition;

	private transient @Nullable List<TrackedListener> failed;

	private transient @Nullable List<Throwable> failures;

	private transient boolean over;

	/**
	 * Create an event.
	 * @param source the watcher
	 * @param update the update
	 * @param earlier the listeners that have succeeded in earlier attempts
	 */
	TrackedUpdateEvent(Object source, T update, List<TrackedListener> earlier) {
		super(source, update);
		this.earlier = earlier;
	}

	boolean isUnderWay() {
		return Thread.currentThread() == this.thread && !this.over;
	}

	/**
	 * Call a listener, unless it was called in this attempt or has succeeded before.
	 */
	void call(TrackedListener listener) {
		if (this.first == listener || contains(this.others, listener) || contains(this.earlier, listener)) {
			return;
		}
		called(listener);
		try {
			if (!listener.call(this)) {
				this.keptByCondition = add(this.keptByCondition, listener);
			}
		}
		catch (Throwable ex) {
			this.failed = add(this.failed, listener);
			failed(ex);
		}
	}

	private void called(TrackedListener listener) {
		if (this.first == null) {
			this.first = listener;
		}
		else {
			this.others = add(this.others, listener);
		}
	}

	/**
	 * Something has thrown an exception, which is a failure of this attempt.
	 */
	void failed(Throwable exception) {
		Throwable failure = unwrap(exception);
		if (failure instanceof Error error && isEndOfThread(error)) {
			throw error;
		}
		this.failures = add(this.failures, failure);
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
		List<Throwable> all = this.failures;
		if (all == null) {
			return null;
		}
		Throwable reported = all.stream()
			.filter((failure) -> !TaskUpdateErrorHandler.isPermanent(failure))
			.findFirst()
			.orElse(all.get(0));
		for (Throwable failure : all) {
			if (failure != reported && reported.getSuppressed().length < MAX_SUPPRESSED) {
				reported.addSuppressed(failure);
			}
		}
		return reported;
	}

	/**
	 * Return the listeners that have handled the update, in this attempt or earlier.
	 */
	List<TrackedListener> succeeded() {
		List<TrackedListener> succeeded = new ArrayList<>(this.earlier);
		addSuccess(this.first, succeeded);
		if (this.others != null) {
			this.others.forEach((listener) -> addSuccess(listener, succeeded));
		}
		return succeeded;
	}

	/**
	 * Return the listeners that have failed in this attempt.
	 */
	List<TrackedListener> failedListeners() {
		return (this.failed != null) ? this.failed : List.of();
	}

	private void addSuccess(@Nullable TrackedListener listener, List<TrackedListener> succeeded) {
		if (listener != null && !contains(this.keptByCondition, listener) && !contains(this.failed, listener)) {
			succeeded.add(listener);
		}
	}

	private static <E> List<E> add(@Nullable List<E> list, E element) {
		List<E> extended = (list != null) ? list : new ArrayList<>(4);
		extended.add(element);
		return extended;
	}

	private static boolean contains(@Nullable List<TrackedListener> listeners, TrackedListener listener) {
		if (listeners == null) {
			return false;
		}
		for (int i = 0; i < listeners.size(); i++) {
			if (listeners.get(i) == listener) {
				return true;
			}
		}
		return false;
	}

}
