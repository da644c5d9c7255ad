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
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionSystemException;

/**
 * Tells what is wrong with an update from what is wrong with the database, if a commit
 * fails and the transaction manager does not say which.
 */
final class CommitFailure {

	// Data, constraints, triggered changes, check options, and what PL/pgSQL raises
	private static final Set<String> REFUSALS = Set.of("22", "23", "27", "44", "P0");

	private static final int MAX_DEPTH = 50;

	private CommitFailure() {
	}

	/**
	 * Return whether a commit failed because of what the listeners have done, so that it
	 * fails again however long one waits.
	 * @param failure the failure of the commit
	 * @return {@code false} if the database was away, or if nothing is known
	 */
	static boolean isOfTheUpdate(TransactionSystemException failure) {
		Throwable cause = failure.getCause();
		boolean caused = cause != null;
		for (int i = 0; cause != null && i < MAX_DEPTH; i++) {
			if (cause instanceof IOException) {
				return false;
			}
			if (cause instanceof SQLException refusal) {
				return !isOfTheConnection(refusal) && isRefusal(refusal.getSQLState());
			}
			cause = cause.getCause();
		}
		return caused;
	}

	private static boolean isOfTheConnection(SQLException failure) {
		return failure instanceof SQLTransientException || failure instanceof SQLRecoverableException
				|| failure instanceof SQLNonTransientConnectionException;
	}

	/**
	 * Other states (08, 40, 53, 57P01 …) pass, or may.
	 */
	private static boolean isRefusal(@Nullable String state) {
		return state != null && state.length() > 2 && REFUSALS.contains(state.substring(0, 2));
	}

}
