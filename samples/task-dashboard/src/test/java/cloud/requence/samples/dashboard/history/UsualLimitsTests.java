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

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

import cloud.requence.samples.dashboard.support.MutableClock;
import cloud.requence.samples.dashboard.text.NamePattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabase;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseBuilder;
import org.springframework.jdbc.datasource.embedded.EmbeddedDatabaseType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UsualLimits}.
 */
class UsualLimitsTests {

	private final EmbeddedDatabase database = new EmbeddedDatabaseBuilder().generateUniqueName(true)
		.setType(EmbeddedDatabaseType.H2)
		.addScript("schema.sql")
		.build();

	private final JdbcTemplate jdbc = new JdbcTemplate(this.database);

	private final MutableClock clock = new MutableClock();

	private final Map<String, Duration> limits = new HashMap<>();

	@AfterEach
	void close() {
		this.database.shutdown();
	}

	private void learn(double factor) {
		learn(factor, 20);
	}

	private void learn(double factor, int minTasks) {
		new UsualLimits(new HistoryTasks(this.jdbc, this.clock), this.limits::putAll, this.clock, factor, minTasks)
			.learn();
	}

	private void tasks(int count, String name, String state, boolean startSeen, Duration ago, Duration took) {
		long endedAt = this.clock.millis() - ago.toMillis();
		for (int i = 0; i < count; i++) {
			this.jdbc.update(
					"""
							insert into task (id, name, name_pattern, state, start_seen, is_protected, require_ack, started_at, ended_at,
								updated_at, updates, hidden_node_updates, nodes, nodes_done, errors, size)
							values (?, ?, ?, ?, ?, false, false, ?, ?, ?, 1, 0, 0, 0, 0, 100)""",
					UUID.randomUUID().toString(), name, (name != null) ? NamePattern.of(name) : null, state, startSeen,
					endedAt - took.toMillis(), endedAt, endedAt);
		}
	}

	@Test
	void followFromTheDurationsOfEachName() {
		tasks(200, "import", "succeeded", true, Duration.ofHours(1), Duration.ofMinutes(20));
		tasks(1, "import", "succeeded", true, Duration.ofHours(1), Duration.ofHours(9));
		tasks(20, "mail", "succeeded", true, Duration.ofHours(1), Duration.ofMillis(50));
		learn(3);
		assertThat(this.limits).isEqualTo(Map.of("import", Duration.ofHours(1), "mail", Duration.ofSeconds(10)));
	}

	@Test
	void areCommonToNamesThatDifferInNumbersOnly() {
		for (int i = 0; i < 20; i++) {
			tasks(1, "import " + i, "succeeded", true, Duration.ofHours(1), Duration.ofMinutes(20));
		}
		learn(3);
		assertThat(this.limits).isEqualTo(Map.of("import *", Duration.ofHours(1)));
	}

	@Test
	void countNeitherFailuresNorTheUnseenNorTheOld() {
		tasks(19, "import", "succeeded", true, Duration.ofHours(1), Duration.ofMinutes(20));
		tasks(20, "import", "failed", true, Duration.ofHours(1), Duration.ofMinutes(1));
		tasks(20, "import", "succeeded", false, Duration.ofHours(1), Duration.ofMinutes(1));
		tasks(20, "import", "succeeded", true, Duration.ofDays(8), Duration.ofMinutes(1));
		tasks(20, null, "succeeded", true, Duration.ofHours(1), Duration.ofMinutes(1));
		learn(3);
		assertThat(this.limits).isEmpty();
	}

	@Test
	void areOfTheNamesWithTheMostTasks() {
		for (int name = 0; name < 1000; name++) {
			tasks(2, Character.toString(0x4e00 + name), "succeeded", true, Duration.ofHours(1), Duration.ofMinutes(1));
		}
		tasks(1, "rare", "succeeded", true, Duration.ofHours(1), Duration.ofMinutes(1));
		learn(3, 1);
		assertThat(this.limits).hasSize(1000).doesNotContainKey("rare");
	}

	@Test
	void canBeSwitchedOff() {
		tasks(20, "import", "succeeded", true, Duration.ofHours(1), Duration.ofMinutes(20));
		learn(0);
		assertThat(this.limits).isEmpty();
	}

	@Test
	void waitForTheDatabase() {
		this.jdbc.execute("drop table task cascade");
		learn(3);
		assertThat(this.limits).isEmpty();
	}

}
