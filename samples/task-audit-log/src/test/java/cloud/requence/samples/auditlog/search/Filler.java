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

package cloud.requence.samples.auditlog.search;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;

import javax.sql.DataSource;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Fills a log with entries of made-up tasks by SQL. They have payloads and words as
 * usual, and no evidence.
 */
final class Filler {

	private static final long CHUNK = 500_000;

	private Filler() {
	}

	/**
	 * Fill an empty log, and update what the planner knows of it.
	 * @param dataSource the database as its owner
	 * @param rows the number of entries
	 */
	static void fill(DataSource dataSource, long rows) throws SQLException {
		JdbcTemplate jdbc = new JdbcTemplate(dataSource);
		boolean large = rows > CHUNK;
		if (large) {
			// An index is built faster than it grows
			indexes(jdbc).forEach((index) -> jdbc.execute("drop index " + index));
		}
		String script = resource("/cloud/requence/samples/auditlog/search/filler.sql");
		for (long first = 0; first < rows; first += CHUNK) {
			String last = String.valueOf(Math.min(rows, first + CHUNK) - 1);
			try (Connection connection = dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				statement.execute(script.replace(":first", String.valueOf(first)).replace(":last", last));
			}
		}
		if (large) {
			jdbc.execute(resource("/db/migration/V21__search_indexes.sql"));
		}
		jdbc.execute("analyze entry");
		jdbc.execute("analyze payload");
	}

	private static List<String> indexes(JdbcTemplate jdbc) {
		return jdbc.queryForList("select indexname from pg_indexes where schemaname = 'public' "
				+ "and tablename in ('entry', 'payload') and indexname not like '%pkey'", String.class);
	}

	private static String resource(String name) {
		try (InputStream resource = Filler.class.getResourceAsStream(name)) {
			return new String(Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
