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
package cloud.requence.samples.auditlog.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

import cloud.requence.emulator.Acknowledgement;
import cloud.requence.emulator.testing.BusyPlatform;
import cloud.requence.samples.auditlog.evidence.TestVerification;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.dao.DataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Instances of the log, and its database, that are killed at random moments while much
 * happens. The system property {@code requence.kills} sets how often each of both is.
 */
@Timeout(3600)
class KillTests {

	private static final Log logger = LogFactory.getLog(KillTests.class);

	private static final int KILLS = Integer.getInteger("requence.kills", 1);

	private static final int INSTANCES = (KILLS > 1) ? 3 : 2;

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private final Random random = new Random(Long.getLong("requence.seed", 1));

	private final List<Instance> instances = new ArrayList<>();

	@TempDir
	private Path directory;

	private PostgresServer server;

	private BusyPlatform platform;

	@BeforeEach
	void start() throws IOException {
		this.server = new PostgresServer(Files.createDirectory(this.directory.resolve("data")));
		this.platform = new BusyPlatform(50);
		startInstance();
		await().atMost(PATIENCE).until(() -> {
			assertThat(this.instances.get(0).isAlive()).as(this.instances.get(0)::log).isTrue();
			return this.instances.get(0).isStarted();
		});
	}

	@AfterEach
	void close() {
		this.instances.forEach(Instance::close);
		this.platform.close();
		this.server.close();
	}

	private void startInstance() throws IOException {
		this.instances
			.add(new Instance(this.directory, this.platform.emulator().accessToken(), this.server.arguments()));
	}

	@Test
	void everyUpdateIsRecordedOnceAndTheLogVerifies() throws Exception {
		replaceEnded();
		for (int i = 0; i < KILLS; i++) {
			awaitProgress();
			pause();
			killAnInstance();
			awaitProgress();
			pause();
			this.server.killAndStartAgain();
		}
		long last = this.platform.quiet();
		await().atMost(PATIENCE.multipliedBy(3)).until(() -> {
			replaceEnded();
			return recorded() >= last;
		});
		await().atMost(PATIENCE).until(() -> this.platform.emulator().awaitingDelivery().isEmpty());
		assertEachPositionOnce(last);
		assertAcknowledgedAfterTheCommit();
		assertThat(TestVerification.verify(this.server.dataSource()).text()).startsWith("VALID");
		logger.info("%d kills of instances, %d of the database, %d updates, all once, %d acknowledgements"
			.formatted(KILLS, KILLS, last, this.platform.emulator().acknowledgements().size()));
	}

	/**
	 * Kill the leader or, less often, one that stands by, and start another instance.
	 */
	private void killAnInstance() throws Exception {
		Instance killed = this.instances.stream()
			.filter(Instance::hasConnected)
			.reduce((first, second) -> second)
			.filter((leader) -> this.random.nextInt(4) > 0)
			.orElse(this.instances.get(this.random.nextInt(this.instances.size())));
		killed.kill();
		replaceEnded();
	}

	/**
	 * An instance ends if its database is down when it starts.
	 */
	private void replaceEnded() throws IOException {
		while (this.instances.removeIf((instance) -> !instance.isAlive()) || this.instances.size() < INSTANCES) {
			startInstance();
		}
	}

	private void pause() {
		LockSupport.parkNanos((long) (this.random.nextDouble() * 1.5e9));
	}

	private void awaitProgress() {
		long before = recorded();
		try {
			await().atMost(PATIENCE).until(() -> {
				replaceEnded();
				return recorded() > before;
			});
		}
		catch (RuntimeException ex) {
			this.instances.forEach((instance) -> logger.error(instance.log()));
			throw ex;
		}
	}

	private long recorded() {
		try {
			return Objects.requireNonNull(
					this.server.jdbc().queryForObject("select coalesce(max(position), 0) from entry", Long.class));
		}
		// Just killed, or not migrated yet
		catch (DataAccessException ex) {
			return 0;
		}
	}

	private void assertEachPositionOnce(long last) {
		assertThat(this.server.jdbc().queryForList("select position from entry order by sequence", Long.class))
			.containsExactlyElementsOf(LongStream.rangeClosed(1, last).boxed().toList());
	}

	private void assertAcknowledgedAfterTheCommit() {
		Map<Long, Instant> commits = new HashMap<>();
		this.server.jdbc().query("select position, pg_xact_commit_timestamp(xmin) from entry", (row) -> {
			commits.put(row.getLong(1), row.getObject(2, OffsetDateTime.class).toInstant());
		});
		List<Acknowledgement> acknowledgements = this.platform.emulator().acknowledgements();
		assertThat(acknowledgements).extracting(Acknowledgement::taskId).containsAll(this.platform.ends().keySet());
		assertThat(acknowledgements).allSatisfy((acknowledgement) -> assertThat(acknowledgement.time())
			.isAfterOrEqualTo(commits.get(this.platform.ends().get(acknowledgement.taskId()))));
	}

}
