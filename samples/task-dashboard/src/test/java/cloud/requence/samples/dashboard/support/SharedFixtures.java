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

package cloud.requence.samples.dashboard.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import cloud.requence.emulator.RequenceEmulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What tests share, as it takes long to start: a browser, a PostgreSQL, and dashboards
 * with the same settings. Tests give their tasks names or nodes of their own. All is
 * closed after the last test.
 */
public final class SharedFixtures implements LauncherSessionListener {

	private static final Map<List<String>, RunningDashboard> dashboards = new HashMap<>();

	private static @Nullable Browser browser;

	private static @Nullable EmbeddedPostgres postgres;

	/**
	 * Return the browser, whose tabs and cookies are those that the test before has left.
	 * @return the browser
	 */
	public static synchronized Browser browser() throws IOException {
		Browser shared = browser;
		if (shared == null) {
			shared = Browser.start();
			browser = shared;
		}
		return shared;
	}

	/**
	 * Return a dashboard that watches an emulator of its own.
	 * @param arguments further properties
	 * @return the dashboard, the same for the same properties
	 */
	public static synchronized RunningDashboard dashboard(String... arguments) {
		return dashboards.computeIfAbsent(List.of(arguments),
				(key) -> RunningDashboard.start(RequenceEmulator.builder().build().start(), arguments));
	}

	/**
	 * Return a dashboard that has no access token, and so an emulator inside. Few tasks
	 * that have succeeded fit onto it.
	 * @return the dashboard
	 */
	public static synchronized RunningDashboard demo() {
		return dashboards.computeIfAbsent(List.of("demo"), (key) -> RunningDashboard
			.startWithEmulatorInside("--dashboard.finished-tasks=5", "--requence.task.reconnect.max-delay=1s"));
	}

	/**
	 * Return a new database in PostgreSQL.
	 * @return its JDBC URL, which contains the user
	 */
	public static synchronized String postgresDatabase() throws Exception {
		EmbeddedPostgres shared = postgres;
		if (shared == null) {
			shared = EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
			postgres = shared;
		}
		String name = "d" + UUID.randomUUID().toString().replace("-", "");
		new JdbcTemplate(shared.getPostgresDatabase()).execute("create database " + name);
		return shared.getJdbcUrl("postgres", name);
	}

	@Override
	public void launcherSessionClosed(LauncherSession session) {
		try {
			close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static synchronized void close() throws IOException {
		if (browser != null) {
			browser.close();
		}
		dashboards.values().forEach((dashboard) -> {
			dashboard.close();
			dashboard.platform().close();
		});
		if (postgres != null) {
			postgres.close();
		}
	}

}
