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

package cloud.requence.task.process;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import cloud.requence.emulator.testing.BusyPlatform;
import cloud.requence.emulator.testing.TcpProxy;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.JdbcTemplate;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.task.PostgresDatabase;
import cloud.requence.task.PostgresExtension;
import cloud.requence.task.process.recording.RecordingApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several instances of an application, of which one watches. The system property
 * {@code requence.takeovers} sets how many leaders are killed.
 */
@ExtendWith(PostgresExtension.class)
@Timeout(600)
class TakeoverTests {

	private static final Log logger = LogFactory.getLog(TakeoverTests.class);

	private static final int TAKEOVERS = Integer.getInteger("requence.takeovers", 1);

	private static final Duration TTL = Duration.ofSeconds(2);

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final List<ChildApplication> instances = new ArrayList<>();

	@TempDir
	private Path directory;

	private PostgresDatabase database;

	private JdbcTemplate jdbc;

	private BusyPlatform platform;

	private StreamCount streams;

	@BeforeEach
	void prepare(PostgresDatabase database) {
		this.database = database;
		this.jdbc = new JdbcTemplate(database.dataSource());
		this.jdbc.execute("create table record (id bigserial, position bigint, millis bigint)");
		this.platform = new BusyPlatform(50);
		this.streams = new StreamCount(this.platform.emulator());
	}

	@AfterEach
	void close() {
		this.instances.forEach(ChildApplication::close);
		this.streams.close();
		this.platform.close();
	}

	private ChildApplication start(String url) throws IOException {
		ChildApplication instance = new ChildApplication(RecordingApplication.class,
				Files.createTempDirectory(this.directory, "instance"), this.platform.emulator().accessToken(),
				List.of(), "--record.database=true", "--requence.task.checkpoint.store=metadata-store",
				"--requence.task.listener.transactional=true", "--requence.task.leader-election.enabled=true",
				"--lock.ttl=" + TTL, "--spring.datasource.url=" + url, "--spring.datasource.hikari.maximum-pool-size=3",
				"--spring.datasource.hikari.connection-timeout=1000", "--requence.task.listener.shutdown-timeout=1s");
		this.instances.add(instance);
		return instance;
	}

	private void startAll(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			start(this.database.url());
		}
		for (ChildApplication instance : this.instances) {
			instance.awaitLog("Started RecordingApplication");
		}
		leader();
	}

	/**
	 * Wait until one of the instances is connected for the first time.
	 */
	private ChildApplication leader() {
		try {
			return await().atMost(PATIENCE)
				.until(() -> this.instances.stream()
					.filter((instance) -> instance.isAlive() && instance.log().contains("is connected"))
					.findFirst()
					.orElse(null), Objects::nonNull);
		}
		catch (ConditionTimeoutException ex) {
			throw new AssertionError(
					this.instances.stream().map(ChildApplication::log).collect(Collectors.joining("\n\n")), ex);
		}
	}

	private long recorded() {
		return Objects.requireNonNull(this.jdbc.queryForObject("select count(*) from record", Long.class));
	}

	private Duration untilTheNextUpdate() {
		long begin = System.nanoTime();
		long before = recorded();
		await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> recorded() > before);
		return Duration.ofNanos(System.nanoTime() - begin);
	}

	private void assertNothingLostAndNothingTwice() {
		long last = this.platform.quiet();
		await().atMost(PATIENCE).until(() -> recorded() >= last);
		List<Long> positions = this.jdbc.queryForList("select position from record order by id", Long.class);
		assertThat(positions).isSorted().doesNotHaveDuplicates().hasSize((int) last);
		await().atMost(PATIENCE).until(() -> this.platform.emulator().awaitingDelivery().isEmpty());
	}

	@Test
	void anotherGoesOnWhenTheLeaderIsKilledOrEnds() throws Exception {
		startAll(TAKEOVERS + 2);
		for (int i = 0; i < TAKEOVERS; i++) {
			ChildApplication leader = leader();
			untilTheNextUpdate();
			leader.kill();
			Duration takeover = untilTheNextUpdate();
			logger.info("Took over " + takeover.toMillis() + " ms after a kill, with a lock of " + TTL);
			this.instances.remove(leader);
		}
		ChildApplication leader = leader();
		untilTheNextUpdate();
		leader.terminate();
		Duration takeover = untilTheNextUpdate();
		logger.info("Took over " + takeover.toMillis() + " ms after an orderly end");
		this.instances.remove(leader);
		assertThat(this.streams.most()).isEqualTo(1);
		assertNothingLostAndNothingTwice();
	}

	@Test
	void anotherGoesOnWhenTheLeaderLosesItsDatabase() throws Exception {
		int port = URI.create(this.database.url().substring("jdbc:".length())).getPort();
		try (TcpProxy network = new TcpProxy(() -> port)) {
			ChildApplication leader = start(this.database.url().replace(":" + port + "/", ":" + network.port() + "/"));
			leader.awaitLog("is connected");
			ChildApplication standby = start(this.database.url());
			standby.awaitLog("Started RecordingApplication");
			untilTheNextUpdate();
			network.cut();
			Duration takeover = untilTheNextUpdate();
			logger.info("Took over " + takeover.toMillis() + " ms after the database was out of reach, with a lock of "
					+ TTL);
			standby.awaitLog("is connected");
			leader.awaitLog("stands by");
			network.mend();
			await().atMost(PATIENCE).until(() -> this.platform.emulator().openStreams() == 1);
			assertThat(leader.isAlive()).isTrue();
			assertNothingLostAndNothingTwice();
			standby.terminate();
			await().atMost(PATIENCE).until(() -> leader.log().split("is connected").length > 2);
		}
	}

	@Test
	void aLeaderThatHasSleptWritesNothing() throws Exception {
		// a frozen client keeps what it has locked until the database ends its session
		this.jdbc.execute("alter database " + this.jdbc.queryForObject("select current_database()", String.class)
				+ " set idle_in_transaction_session_timeout = " + TTL.toMillis());
		startAll(2);
		ChildApplication leader = leader();
		untilTheNextUpdate();
		freezeInATransaction(leader);
		untilTheNextUpdate();
		await().atMost(PATIENCE)
			.until(() -> this.instances.stream().allMatch((one) -> one.log().contains("is connected")));
		untilTheNextUpdate();
		leader.thaw();
		leader.awaitLog("stands by");
		await().atMost(PATIENCE).until(() -> this.platform.emulator().openStreams() == 1);
		assertNothingLostAndNothingTwice();
	}

	/**
	 * Freeze an application, again and again, until that happens in a transaction that
	 * has written the checkpoint.
	 */
	private void freezeInATransaction(ChildApplication application) {
		await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> {
			application.freeze();
			boolean open = Objects.requireNonNull(this.jdbc.queryForObject("""
					select count(*) from pg_stat_activity where datname = current_database()
					and state = 'idle in transaction' and pid <> pg_backend_pid()
					and query ilike '%metadata_store%'""", Long.class)) > 0;
			if (!open) {
				application.thaw();
			}
			return open;
		});
	}

	/**
	 * Looks all the time how many streams are open.
	 */
	private static final class StreamCount implements AutoCloseable {

		private final AtomicInteger most = new AtomicInteger();

		private final Thread thread;

		private volatile boolean running = true;

		StreamCount(RequenceEmulator emulator) {
			this.thread = new Thread(() -> {
				while (this.running) {
					this.most.accumulateAndGet(emulator.openStreams(), Math::max);
					LockSupport.parkNanos(1_000_000);
				}
			}, "stream-count");
			this.thread.start();
		}

		int most() {
			return this.most.get();
		}

		@Override
		public void close() {
			this.running = false;
		}

	}

}
