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
package cloud.requence.samples.auditlog.recording;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import org.springframework.core.NestedExceptionUtils;

/**
 * The database does not take entries. The messages of the driver have the values of a
 * statement, which do not belong in logs: what remains is the SQL state, by which the
 * watcher knows a full disk, and the constraint.
 */
class RecordingException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private RecordingException(String message, @Nullable SQLException cause) {
		super(message, cause);
	}

	static RecordingException of(Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		if (!(cause instanceof SQLException exception)) {
			return new RecordingException("The entries cannot be written: " + cause.getClass().getSimpleName(), null);
		}
		ServerErrorMessage server = (exception instanceof PSQLException psql) ? psql.getServerErrorMessage() : null;
		String constraint = (server != null) ? server.getConstraint() : null;
		String message = "The database does not take the entries: SQL state " + exception.getSQLState()
				+ ((constraint != null) ? ", constraint '" + constraint + "'" : "");
		SQLException shown = new SQLException(message, exception.getSQLState());
		shown.setStackTrace(exception.getStackTrace());
		return new RecordingException(message, shown);
	}

}
