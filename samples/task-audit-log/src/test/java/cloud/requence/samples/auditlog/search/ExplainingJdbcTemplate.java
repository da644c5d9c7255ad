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

import java.util.List;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;

/**
 * Asks for the plan of each search before it runs.
 */
class ExplainingJdbcTemplate extends JdbcTemplate {

	private String plan = "";

	ExplainingJdbcTemplate(DataSource dataSource) {
		super(dataSource);
	}

	@Override
	public <T extends @Nullable Object> List<T> query(String sql, RowMapper<T> rowMapper, @Nullable Object... args) {
		if (sql.contains("as excerpt")) {
			this.plan = String.join("\n", super.query("explain " + sql, (row, number) -> row.getString(1), args));
		}
		return super.query(sql, rowMapper, args);
	}

	/**
	 * Return the plan of the latest search.
	 */
	String plan() {
		return this.plan;
	}

}
