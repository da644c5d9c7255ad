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

package cloud.requence.samples.auditlog.evidence;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Each role of the database can do its part and no more.
 */
class RoleTests {

	private static final SampleLog log = new SampleLog();

	@BeforeAll
	static void record() {
		log.append(0, 3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "update entry set reason = 'x'", "update payload set body = null",
			"update tree set root = ''", "update tile set root = ''", "delete from entry", "delete from payload",
			"delete from tree", "delete from tile", "truncate entry", "truncate payload", "delete from anchor",
			"update verification set fault_count = 0", "alter table entry disable trigger all", "drop table payload",
			"set role postgres", "set role audit_eraser" })
	void changesNothingAsTheApplication(String sql) {
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> new JdbcTemplate(log.writer).execute(sql));
	}

	@ParameterizedTest
	@ValueSource(strings = { "update entry set reason = 'x'", "update payload set body = null", "delete from entry",
			"delete from tree", "delete from tile", "truncate payload", "set role audit_writer" })
	void onlyDeletesPayloadsAsTheEraser(String sql) {
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> new JdbcTemplate(log.eraser).execute(sql));
	}

}
