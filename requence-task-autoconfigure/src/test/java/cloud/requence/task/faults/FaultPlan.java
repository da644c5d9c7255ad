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

package cloud.requence.task.faults;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * Which operations of a run fail: some of them one by one, and all of them for as long as
 * an outage lasts.
 */
final class FaultPlan {

	private static final int LAST = 120;

	private final Trace trace;

	private final Timer timer;

	private final Map<Integer, Fault> faults = new HashMap<>();

	private final List<Outage> outages;

	private int operations;

	private boolean healed;

	FaultPlan(RandomGenerator random, int singles, int outages, Trace trace, Timer timer) {
		this.trace = trace;
		this.timer = timer;
		for (int i = 0; i < singles; i++) {
			this.faults.put(random.nextInt(LAST), Fault.random(random));
		}
		this.outages = random.ints(outages, 0, LAST).mapToObj((from) -> new Outage(from, random)).toList();
	}

	/**
	 * Return how the next operation fails.
	 * @return the fault; {@code null} if there is none
	 */
	synchronized @Nullable Fault next(Operation operation) {
		int number = this.operations++;
		if (this.healed) {
			return null;
		}
		Fault fault = this.faults.get(number);
		for (Outage outage : this.outages) {
			fault = outage.isActive(number, operation) ? outage.fault : fault;
		}
		if (fault != null) {
			this.trace.add("fault at " + number + ", " + operation + ": " + fault);
		}
		return fault;
	}

	/**
	 * End all faults.
	 */
	synchronized void heal() {
		this.healed = true;
	}

	/**
	 * Carry out an operation, if it does not fail.
	 */
	<T extends @Nullable Object> T run(Operation operation, Callable<T> action) throws Exception {
		Fault fault = next(operation);
		if (fault == null) {
			return action.call();
		}
		this.timer.pause(fault.delay());
		switch (fault.kind()) {
			case SLOW -> {
				return action.call();
			}
			case ANSWER_LOST, DONE_LATE -> action.call();
			default -> {
			}
		}
		throw FaultPlan.<RuntimeException>sneaky(fault.failure().get());
	}

	/**
	 * Throw whatever it is, declared or not.
	 */
	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
		throw (E) failure;
	}

	/**
	 * A time in which nothing works, or nothing can be written, or nothing be committed.
	 */
	private static final class Outage {

		private final int from;

		private final long nanos;

		private final Extent extent;

		private final Fault fault;

		private long begin;

		private boolean begun;

		Outage(int from, RandomGenerator random) {
			this.from = from;
			this.nanos = Duration.ofMillis(random.nextInt(30, 500)).toNanos();
			this.extent = Extent.values()[random.nextInt(Extent.values().length)];
			this.fault = (this.extent == Extent.WRITES) ? Fault.readOnly() : Fault.outage(random);
		}

		boolean isActive(int number, Operation operation) {
			if (number < this.from) {
				return false;
			}
			if (!this.begun) {
				this.begun = true;
				this.begin = System.nanoTime();
			}
			boolean over = System.nanoTime() - this.begin > this.nanos;
			return !over && switch (this.extent) {
				case EVERYTHING -> true;
				case WRITES -> operation == Operation.WRITE || operation == Operation.SAVE;
				case COMMITS -> operation == Operation.COMMIT;
			};
		}

		private enum Extent {

			EVERYTHING, WRITES, COMMITS

		}

	}

}
