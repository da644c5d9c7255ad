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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.support.WeakIdentityMap;

/**
 * The flux of updates that were delivered. A subscriber that has no demand holds the
 * delivery up: nothing is dropped, nothing is buffered.
 */
public final class DeliveredUpdates {

	private static final Log logger = LogFactory.getLog(DeliveredUpdates.class);

	private static final Duration PAUSE = Duration.ofMillis(5);

	/** After so long a subscriber without demand is reported. */
	private static final long REPORTED_AFTER = Duration.ofSeconds(10).toNanos();

	private static final StackWalker STACK = StackWalker.getInstance();

	private final LongSupplier nanoTime;

	// Updates of several tasks may be delivered at the same time, but not emitted
	private final ReentrantLock lock = new ReentrantLock();

	private final Sinks.Many<TaskUpdate> sink = Sinks.many().multicast().directAllOrNothing();

	private final Set<Demand> subscribers = ConcurrentHashMap.newKeySet();

	// How many updates have waited so long that their subscribers were reported
	private final AtomicInteger held = new AtomicInteger();

	// Ends of tasks that subscribers have received
	private final WeakIdentityMap<TaskUpdate, Boolean> taken = new WeakIdentityMap<>();

	/**
	 * Create a flux without subscribers.
	 * @param nanoTime the monotonic clock
	 */
	public DeliveredUpdates(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Return the updates from now on.
	 * @return a hot flux
	 */
	public Flux<TaskUpdate> flux() {
		return Flux.defer(() -> {
			Demand demand = new Demand(subscriberName());
			return this.sink.asFlux()
				.doOnSubscribe((subscription) -> this.subscribers.add(demand))
				.doOnRequest(demand::requested)
				.doOnNext((update) -> demand.received())
				.doFinally((signal) -> this.subscribers.remove(demand));
		});
	}

	/**
	 * Return who subscribes: the first caller outside of Reactor and of this starter.
	 */
	private static String subscriberName() {
		String caller = STACK.walk((frames) -> frames.filter((frame) -> isForeign(frame.getClassName()))
			.findFirst()
			.map(StackWalker.StackFrame::toString)
			.orElse("unknown"));
		return caller + " in thread '" + Thread.currentThread().getName() + "'";
	}

	private static boolean isForeign(String className) {
		return !className.startsWith("reactor.") && !className.startsWith("java.")
				&& !className.equals(DeliveredUpdates.class.getName());
	}

	/**
	 * End the flux.
	 */
	public void complete() {
		this.sink.tryEmitComplete();
	}

	/**
	 * Return whether updates are subscribed to.
	 * @return whether there is a subscriber
	 */
	boolean hasSubscribers() {
		return this.sink.currentSubscriberCount() > 0;
	}

	/**
	 * Return whether a subscriber has received the end of a task, although it may have
	 * cancelled since, or will receive it.
	 * @param update the end of a task that requires an acknowledgement
	 * @return whether there was or is such a subscriber
	 */
	public boolean hasTaken(TaskUpdate update) {
		return hasSubscribers() || this.taken.contains(update);
	}

	/**
	 * Emit an update as soon as all subscribers want it.
	 * @param update the update
	 * @param wait waits for a time, and returns {@code false} if the delivery has to end
	 * @return whether it was emitted
	 */
	boolean emit(TaskUpdate update, Predicate<Duration> wait) {
		if (!hasSubscribers()) {
			return true;
		}
		Sinks.EmitResult result = tryEmit(update);
		if (isRefused(result)) {
			result = await(update, wait);
		}
		if (result == Sinks.EmitResult.OK && EndAcknowledgement.isRequired(update)) {
			this.taken.put(update, true);
		}
		return !isRefused(result);
	}

	/**
	 * Try again until each subscriber has demand, or the delivery has to end.
	 */
	private Sinks.EmitResult await(TaskUpdate update, Predicate<Duration> wait) {
		Sinks.EmitResult result = Sinks.EmitResult.FAIL_OVERFLOW;
		boolean reported = false;
		long start = this.nanoTime.getAsLong();
		try {
			while (isRefused(result) && wait.test(PAUSE)) {
				if (!reported && this.nanoTime.getAsLong() - start >= REPORTED_AFTER) {
					reported = true;
					this.held.incrementAndGet();
					report();
				}
				result = tryEmit(update);
			}
			return result;
		}
		finally {
			if (reported) {
				this.held.decrementAndGet();
			}
		}
	}

	/**
	 * Return who has held the delivery up for some seconds.
	 * @return where the subscribers without demand have subscribed; empty if the delivery
	 * does not wait for them
	 */
	public List<String> holders() {
		return (this.held.get() > 0) ? subscribersWithoutDemand() : List.of();
	}

	/**
	 * Return who would hold an update up now.
	 * @return where the subscribers without demand have subscribed
	 */
	List<String> subscribersWithoutDemand() {
		return this.subscribers.stream().filter(Demand::isMissing).map(Demand::subscriber).toList();
	}

	private void report() {
		logger.warn("The delivery of updates waits for subscribers of TaskWatcher.updates() that request none: "
				+ subscribersWithoutDemand() + ". A subscriber that stops reading must cancel its subscription,"
				+ " or close the stream of toStream()");
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

	/**
	 * How many updates a subscriber has requested and not received.
	 */
	private static final class Demand {

		private final String subscriber;

		private final AtomicLong open = new AtomicLong();

		Demand(String subscriber) {
			this.subscriber = subscriber;
		}

		String subscriber() {
			return this.subscriber;
		}

		void requested(long count) {
			this.open.accumulateAndGet(count, (left, right) -> (left + right < 0) ? Long.MAX_VALUE : left + right);
		}

		void received() {
			this.open.updateAndGet((count) -> (count == Long.MAX_VALUE) ? count : count - 1);
		}

		boolean isMissing() {
			return this.open.get() <= 0;
		}

	}

}
