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

package cloud.requence.samples.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import cloud.requence.samples.benchmarks.Chart.Group;

/**
 * Compares transactional listeners with a loop that inserts the same rows.
 */
final class Transactions implements Suite.Comparison {

	private static final List<Integer> SIZES = List.of(1, 10, 100);

	private static final Pipeline LOOP = Pipeline.of("JDBC loop", JdbcPipeline.Loop.class, Library.WEB_CLIENT,
			Library.JDBC);

	private static final Pipeline LISTENER = Pipeline.starter("transactional listener", JdbcPipeline.Listener.class)
		.with(Library.JDBC)
		.with("requence.task.listener.transactional", true)
		.with("requence.task.checkpoint.store", "metadata-store")
		.with("requence.task.checkpoint.key", "{directory}")
		.with("spring.integration.jdbc.initialize-schema", "always");

	@Override
	public void compare(Laboratory laboratory, Report report) throws IOException, InterruptedException {
		Options options = laboratory.options();
		report
			.paragraph("Medians of %d rounds in turns, %s s each after %d s of warm-up, with updates of profile S. The "
					+ "listener inserts a row for each update with `JdbcTemplate`; its checkpoint, in a `JdbcMetadataStore`, is "
					+ "part of the transaction. The loop inserts the same rows with one prepared statement and commits after "
					+ "so many; it reads no stream and keeps no checkpoint. PostgreSQL runs in a process of its own and waits "
					+ "for the disk at each commit (`fsync`, `synchronous_commit`); H2 is in memory, in the process of the "
					+ "application.", options.rounds(), options.seconds(), options.warmUp());
		try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
			.setServerConfig("fsync", "on")
			.setServerConfig("synchronous_commit", "on")
			.start()) {
			Database server = new Database("PostgreSQL", postgres.getJdbcUrl("postgres", "postgres"));
			Database memory = new Database("H2", "jdbc:h2:mem:benchmark;DB_CLOSE_DELAY=-1");
			List<Run> runs = new ArrayList<>();
			for (Database database : List.of(server, memory)) {
				SIZES.forEach((size) -> {
					runs.add(database.run(LOOP, size, options));
					runs.add(database.run(LISTENER, size, options));
				});
			}
			runs.removeIf((run) -> !options.includes(run.pipeline()));
			Results results = laboratory.run(runs);
			write(report, results, server, options);
			write(report, results, memory, options);
		}
	}

	private void write(Report report, Results results, Database database, Options options) throws IOException {
		List<List<String>> rows = new ArrayList<>();
		List<Group> groups = new ArrayList<>();
		ToDoubleFunction<Result> rate = Result::updatesPerSecond;
		for (int size : SIZES) {
			Run loop = database.run(LOOP, size, options);
			Run listener = database.run(LISTENER, size, options);
			if (!options.includes(listener.pipeline())) {
				continue;
			}
			rows.add(Report.cells(size, results.median(loop, rate), results.median(listener, rate),
					results.ratio(listener, loop, rate), Report.percent(results.spread(loop, rate)),
					Report.percent(results.spread(listener, rate))));
			groups.add(new Group((size == 1) ? "a commit for each row" : "a commit for " + size + " rows",
					results.median(loop, rate), results.median(listener, rate)));
		}
		report.heading(database.name());
		report.table(List.of("`transaction-size`", "loop, rows a second", "listener, updates a second", "of the loop",
				"± loop", "± listener"), rows);
		String title = "Rows a second, " + database.name();
		report.chart(database.name().toLowerCase(Locale.ROOT), title,
				Chart.bars(title, List.of(LOOP.label(), LISTENER.label()), groups));
	}

	/**
	 * A database.
	 *
	 * @param name its name
	 * @param url its URL
	 */
	private record Database(String name, String url) {

		Run run(Pipeline pipeline, int size, Options options) {
			String property = pipeline.equals(LOOP) ? "benchmark.rows" : "requence.task.listener.transaction-size";
			return Run.throughput(pipeline.named(this.name + ", " + pipeline.label() + " by " + size)
				.with("spring.datasource.url", this.url)
				.with("spring.sql.init.mode", "always")
				.with(property, size), Profile.S, Run.OPEN_TASKS, options.time());
		}

	}

}
