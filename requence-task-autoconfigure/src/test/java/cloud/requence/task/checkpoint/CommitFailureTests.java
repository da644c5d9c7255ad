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

package cloud.requence.task.checkpoint;

import java.io.IOException;
import java.net.SocketException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.transaction.TransactionSystemException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CommitFailure}.
 */
class CommitFailureTests {

	private static boolean isOfTheUpdate(Throwable cause) {
		return CommitFailure.isOfTheUpdate(
				new TransactionSystemException("could not commit", new IllegalStateException("rolled back", cause)));
	}

	@Test
	void isOfTheUpdateIfTheApplicationHasRefusedIt() {
		assertThat(isOfTheUpdate(new IllegalArgumentException("must not be blank"))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "22001", "23000", "23505", "27000", "44000", "P0001" })
	void isOfTheUpdateIfTheDatabaseHasRefusedIt(String state) {
		assertThat(isOfTheUpdate(new SQLException("refused", state))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "08006", "08S01", "40001", "53300", "57P01", "HY000", "" })
	void isNotOfTheUpdateIfTheDatabaseIsInAState(String state) {
		assertThat(isOfTheUpdate(new SQLException("away", state))).isFalse();
	}

	@ParameterizedTest
	@MethodSource
	void isNotOfTheUpdateIfTheDatabaseIsAway(Exception cause) {
		assertThat(isOfTheUpdate(cause)).isFalse();
	}

	static Stream<Exception> isNotOfTheUpdateIfTheDatabaseIsAway() {
		return Stream.of(new SQLException("unknown"), new SQLTransientException("later"),
				new SQLRecoverableException("again"), new SQLNonTransientConnectionException("closed"),
				new SocketException("reset"), new IllegalStateException(new IOException("broken pipe")));
	}

	@Test
	void isNotOfTheUpdateIfNothingIsKnown() {
		assertThat(CommitFailure.isOfTheUpdate(new TransactionSystemException("could not commit"))).isFalse();
	}

	@Test
	void endsIfTheCausesGoRound() {
		Exception one = new IllegalStateException("one");
		one.initCause(new IllegalStateException("two", one));
		assertThat(isOfTheUpdate(one)).isTrue();
	}

}
