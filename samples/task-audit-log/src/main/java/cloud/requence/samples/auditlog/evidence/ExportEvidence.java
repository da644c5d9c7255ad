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

import java.io.IOException;

import javax.sql.DataSource;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Begins the proofs of exports.
 */
public class ExportEvidence {

	private final TreeHeads heads;

	private final JdbcTemplate jdbc;

	ExportEvidence(TreeHeads heads, DataSource dataSource) {
		this.heads = heads;
		this.jdbc = new JdbcTemplate(dataSource);
	}

	/**
	 * Begin the proof of an export. Is called in the transaction that reads the entries,
	 * with repeatable reads, so that the tree head covers all of them.
	 * @return the proof, to be closed
	 * @throws IOException if its temporary file cannot be written
	 */
	public ExportProof begin() throws IOException {
		var head = this.heads.newest();
		long size = head.checkpoint().size();
		Long anchored = this.jdbc.queryForObject("select coalesce(max(size), 0) from anchor where size <= ?",
				Long.class, size);
		return new ExportProof(head, this.heads.tree(size), (anchored != null) ? anchored : 0);
	}

}
