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

import cloud.requence.task.CheckpointStore;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Keeps the position of the watcher beside the history, so that both are committed in one
 * transaction.
 */
class JdbcCheckpointStore implements CheckpointStore {

	private final JdbcClient jdbc;

	JdbcCheckpointStore(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public @Nullable String load() {
		return this.jdbc.sql("select checkpoint from watcher_checkpoint where id = 1")
			.query(String.class)
			.optional()
			.orElse(null);
	}

	@Override
	public boolean compareAndSet(@Nullable String expected, String checkpoint) {
		if (expected == null) {
			return this.jdbc
				.sql("insert into watcher_checkpoint (id, checkpoint) select 1, cast(? as varchar) "
						+ "where not exists (select 1 from watcher_checkpoint where id = 1)")
				.param(checkpoint)
				.update() == 1;
		}
		return this.jdbc.sql("update watcher_checkpoint set checkpoint = ? where id = 1 and checkpoint = ?")
			.params(checkpoint, expected)
			.update() == 1;
	}

}
