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

import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import org.springframework.dao.DataAccessResourceFailureException;

/**
 * How one operation fails.
 *
 * @param kind when it fails, if it does
 * @param failure creates what is thrown
 * @param delay how long the operation takes on top of its own time
 */
record Fault(Kind kind, Supplier<Throwable> failure, Duration delay) {

	private static final List<Supplier<Throwable>> FAILURES = List.of(
			() -> new SQLException("connection failure", "08006"),
			() -> new SQLException("terminating connection", "57P01"), () -> new SQLException("disk full", "53100"),
			() -> new SQLException("out of memory", "53200"), () -> new SQLException("too many connections", "53300"),
			() -> new SQLException("deadlock detected", "40P01"), () -> new SQLException("serialization", "40001"),
			() -> new SQLException("statement timeout", "57014"), () -> new SQLException("internal error", "XX000"),
			() -> new SQLException("lock not available", "55P03"), () -> new SQLException("no state"),
			() -> new SQLRecoverableException("recoverable"),
			() -> new SQLTransientConnectionException("no connection"),
			() -> new DataAccessResourceFailureException("resource"), () -> new IllegalStateException("closed"),
			() -> new UnsupportedOperationException("not supported"), () -> new NullPointerException("driver"),
			() -> new TimeoutException("undeclared"), () -> new OutOfMemoryError("simulated"), StackOverflowError::new,
			() -> new NoClassDefFoundError("simulated"), () -> new AssertionError("driver"));

	static Fault random(RandomGenerator random) {
		Kind[] kinds = Kind.values();
		return new Fault(kinds[random.nextInt(kinds.length)], FAILURES.get(random.nextInt(FAILURES.size())),
				Duration.ofMillis(random.nextInt(5, 120)));
	}

	/**
	 * Return a failure that lasts: nothing is done.
	 */
	static Fault outage(RandomGenerator random) {
		return new Fault(Kind.REFUSED, FAILURES.get(random.nextInt(FAILURES.size())), Duration.ZERO);
	}

	static Fault readOnly() {
		return new Fault(Kind.REFUSED, () -> new SQLException("read-only transaction", "25006"), Duration.ZERO);
	}

	@Override
	public String toString() {
		return this.kind + " " + this.failure.get() + " after " + this.delay.toMillis() + " ms";
	}

	/**
	 * When an operation fails.
	 */
	enum Kind {

		/**
		 * Nothing is done.
		 */
		REFUSED,

		/**
		 * It is done, and the answer is lost.
		 */
		ANSWER_LOST,

		/**
		 * It is done, but takes long.
		 */
		SLOW,

		/**
		 * Nothing is done, which is known late.
		 */
		REFUSED_LATE,

		/**
		 * It is done after the caller has been told that it failed.
		 */
		DONE_LATE

	}

}
