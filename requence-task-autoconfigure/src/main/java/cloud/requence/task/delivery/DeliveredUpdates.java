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

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import cloud.requence.task.TaskUpdate;

/**
 * The flux of updates that were delivered. A subscriber that has no demand holds the
 * delivery up: nothing is dropped, nothing is buffered.
 */
public final class DeliveredUpdates {

	private static final Log logger = LogFactory.getLog(DeliveredUpdates.class);

	private static final Duration PAUSE = Duration.ofMillis(5);

	// Updates of several tasks may be delivered at the same time, but not emitted
	private final ReentrantLock lock = new ReentrantLock();

	private final Sinks.Many<TaskUpdate> sink = Sinks.many().multicast().directAllOrNothing();

	/**
	 * Return the updates from now on.
	 * @return a hot flux
	 */
	public Flux<TaskUpdate> flux() {
		return this.sink.asFlux();
	}

	/**
	 * End the flux.
	 */
	public void complete() {
		this.sink.tryEmitComplete();
	}

	/**
	 * Emit an update as soon as all subscribers want it.
	 * @param update the update
	 * @param wait waits for a time, and returns {@code false} if the delivery has to end
	 * @return whether it was emitted
	 */
	boolean emit(TaskUpdate update, Predicate<Duration> wait) {
		if (this.sink.currentSubscriberCount() == 0) {
			return true;
		}
		while (isRefused(tryEmit(update))) {
			// A subscriber has no demand
			if (!wait.test(PAUSE)) {
				return false;
			}
		}
		return true;
	}

	private static boolean isRefused(Sinks.EmitResult result) {
		return result == Sinks.EmitResult.FAIL_OVERFLOW || result == Sinks.EmitResult.FAIL_NON_SERIALIZED;
	}

	private Sinks.EmitResult tryEmit(TaskUpdate update) {
		this.lock.lock();
		try {
			return this.sink.tryEmitNext(update);
		}
		catch (Throwable ex) {
			logger.warn("A subscriber of delivered updates has failed", ex);
			return Sinks.EmitResult.OK;
		}
		finally {
			this.lock.unlock();
		}
	}

}
