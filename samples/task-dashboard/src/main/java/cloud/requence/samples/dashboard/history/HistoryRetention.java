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

import java.time.Clock;
import java.util.Collections;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Deletes what is too old or too much, a few tasks in each transaction.
 */
class HistoryRetention {

	private static final Logger logger = LoggerFactory.getLogger(HistoryRetention.class);

	private static final int BATCH = 200;

	private final JdbcTemplate jdbc;

	private final Clock clock;

	private final HistoryProperties properties;

	HistoryRetention(JdbcTemplate jdbc, Clock clock, HistoryProperties properties) {
		this.jdbc = jdbc;
		this.clock = clock;
		this.properties = properties;
	}

	@Scheduled(fixedDelayString = "1m", initialDelayString = "1m")
	void clean() {
		try {
			int old = deleteOld();
			int much = deleteTooMuch();
			if (old + much > 0) {
				logger.info("Deleted {} tasks from the history that are older than {}, and {} to stay within {}", old,
						this.properties.retention(), much, this.properties.maxSize());
			}
		}
		catch (DataAccessException ex) {
			logger.warn("The history could not be cleaned and is cleaned later: {}", ex.getMessage());
		}
	}

	private int deleteOld() {
		long before = this.clock.millis() - this.properties.retention().toMillis();
		int deleted = 0;
		int count;
		do {
			count = delete(this.jdbc.queryForList(
					"select id from task where updated_at < ? and coalesce(ended_at, 0) < ? limit " + BATCH,
					String.class, before, before));
			deleted += count;
		}
		while (count > 0);
		return deleted;
	}

	private int deleteTooMuch() {
		int deleted = 0;
		Long size = this.jdbc.queryForObject("select cast(coalesce(sum(size), 0) as bigint) from task", Long.class);
		long excess = ((size != null) ? size : 0) - this.properties.maxSize().toBytes();
		while (excess > 0) {
			// Tasks that have ended first, then the ones that were silent for the longest
			// time
			List<Candidate> candidates = this.jdbc.query(
					"select id, size from task order by case when state = 'running' then 1 else 0 end, updated_at limit "
							+ BATCH,
					(row, number) -> new Candidate(row.getString("id"), row.getLong("size")));
			if (candidates.size() <= 1) {
				return deleted;
			}
			int used = 0;
			while (used < candidates.size() && excess > 0) {
				excess -= candidates.get(used++).size();
			}
			deleted += delete(candidates.subList(0, used).stream().map(Candidate::id).toList());
		}
		return deleted;
	}

	private int delete(List<String> ids) {
		if (ids.isEmpty()) {
			return 0;
		}
		String placeholders = String.join(", ", Collections.nCopies(ids.size(), "?"));
		return this.jdbc.update("delete from task where id in (" + placeholders + ")", ids.toArray());
	}

	private record Candidate(String id, long size) {

	}

}
