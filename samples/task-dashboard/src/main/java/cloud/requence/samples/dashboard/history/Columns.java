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

package cloud.requence.samples.dashboard.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

import cloud.requence.samples.dashboard.board.TaskState;
import org.jspecify.annotations.Nullable;

/**
 * Converts columns.
 */
final class Columns {

	private Columns() {
	}

	static TaskState taskState(String column) {
		return TaskState.valueOf(column.toUpperCase(Locale.ROOT));
	}

	static String name(Enum<?> state) {
		return state.name().toLowerCase(Locale.ROOT);
	}

	static @Nullable Long nullableLong(ResultSet row, String column) throws SQLException {
		long value = row.getLong(column);
		return row.wasNull() ? null : value;
	}

}
