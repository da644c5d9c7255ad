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

package cloud.requence.samples.relay.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import cloud.requence.emulator.Acknowledgement;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.testing.BusyPlatform;
import cloud.requence.emulator.testing.TcpProxy;
import cloud.requence.samples.relay.EventRelayApplication;
import cloud.requence.samples.relay.TestKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.kafka.test.EmbeddedKafkaBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Relays and consumers that are killed, and connections to the broker that are cut, at
 * random moments while tasks run. The system property {@code requence.kills} says how
 * many of them are.
 */
class RelayKillTests {

	private static final Logger logger = LoggerFactory.getLogger(RelayKillTests.class);

	private static final int KILLS = Integer.getInteger("requence.kills", 3);

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private static final int TASKS_PER_SECOND = 50;

	private final BusyPlatform platform = new BusyPlatform(TASKS_PER_SECOND);

	private final RequenceEmulator emulator = this.platform.emulator();

	private final String name = TestKafka.uniqueName();

	private final List<ChildApplication> children = new ArrayList<>();

	@TempDir
	private Path directory;

	private EmbeddedKafkaBroker broker;

	private TcpProxy network;

	@BeforeEach
	void startBroker() throws IOException {
		this.network = new TcpProxy(() -> TestKafka.port(this.broker));
		this.broker = TestKafka.newBroker(this.network.port());
	}

	@AfterEach
	void stop() throws IOException {
		this.children.forEach(ChildApplication::close);
		this.platform.close();
		this.network.close();
		this.broker.destroy();
	}

	@Test
	@Timeout(3600)
	void nothingIsLostAndNothingIsPublishedTwice() throws Exception {
		Path record = Files.createFile(this.directory.resolve("record.txt"));
		ChildApplication[] relays = { startRelay(), startRelay() };
		ChildApplication[] consumers = { startConsumer(record), startConsumer(record) };
		Random random = new Random(KILLS);
		for (int i = 0; i < KILLS; i++) {
			awaitProgress(record);
			LockSupport.parkNanos((long) (random.nextDouble() * 2e9));
			int index = random.nextInt(2);
			switch (i % 3) {
				case 0 -> {
					relays[index].kill();
					relays[index] = startRelay();
				}
				case 1 -> {
					consumers[index].kill();
					consumers[index] = startConsumer(record);
				}
				default -> {
					assertThat(this.network.cut()).isPositive();
					this.network.mend();
				}
			}
		}
		this.platform.quiet();
		await().atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(500))
			.until(() -> positions(record).size() == this.emulator.lastPosition()
					&& this.emulator.awaitingDelivery().isEmpty());
		assertPublishedOnceAndInOrder();
		assertAcknowledgedAfterHandling(record);
		List<String> lines = lines(record);
		logger.info("{} kills, {} updates, 0 lost, 0 twice in the topic, {} handled again, {} ends acknowledged", KILLS,
				this.emulator.lastPosition(), lines.size() - this.emulator.lastPosition(), this.platform.ends().size());
	}

	private ChildApplication startRelay() throws IOException {
		return start(EventRelayApplication.class, "--spring.main.web-application-type=none",
				"--spring.main.keep-alive=true", "--relay.name=" + this.name, "--relay.topic=" + this.name,
				"--relay.partitions=4", "--relay.session-timeout=2s", "--requence.task.since=1h");
	}

	private ChildApplication startConsumer(Path record) throws IOException {
		return start(RecordingConsumer.class, "--requence.task.kafka.topic=" + this.name, "--recording.file=" + record,
				"--spring.kafka.consumer.properties.session.timeout.ms=2000",
				"--spring.kafka.consumer.properties.heartbeat.interval.ms=500");
	}

	private ChildApplication start(Class<?> application, String... arguments) throws IOException {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--spring.kafka.bootstrap-servers=localhost:" + this.network.port());
		all.add("--requence.task.access-token=" + this.emulator.accessToken());
		ChildApplication child = new ChildApplication(application,
				this.directory.resolve("child-" + this.children.size() + ".log"), all);
		this.children.add(child);
		return child;
	}

	/**
	 * Wait until updates that were sent after this call are handled.
	 */
	private void awaitProgress(Path record) {
		long position = this.emulator.lastPosition();
		await().atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(200))
			.until(() -> positions(record).stream().anyMatch((handled) -> handled > position));
	}

	private static List<String> lines(Path record) throws IOException {
		String text = Files.readString(record, StandardCharsets.UTF_8);
		return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
	}

	private static Set<Long> positions(Path record) throws IOException {
		return lines(record).stream()
			.map((line) -> Long.valueOf(line.substring(0, line.indexOf(' '))))
			.collect(Collectors.toCollection(HashSet::new));
	}

	private void assertPublishedOnceAndInOrder() {
		List<ConsumerRecord<String, byte[]>> records = TestKafka.read("localhost:" + this.network.port(), this.name);
		assertThat(records.stream().map(TestKafka::position).toList()).containsExactlyInAnyOrderElementsOf(
				LongStream.rangeClosed(1, this.emulator.lastPosition()).boxed().toList());
		Map<String, List<Long>> byKey = records.stream()
			.collect(Collectors.groupingBy(ConsumerRecord::key,
					Collectors.mapping(TestKafka::position, Collectors.toList())));
		assertThat(byKey.values()).allSatisfy((positions) -> assertThat(positions).isSorted());
	}

	private void assertAcknowledgedAfterHandling(Path record) throws IOException {
		Map<Long, Long> firstHandled = new HashMap<>();
		for (String line : lines(record)) {
			String[] parts = line.split(" ");
			firstHandled.merge(Long.valueOf(parts[0]), Long.valueOf(parts[2]), Math::min);
		}
		List<Acknowledgement> acknowledgements = this.emulator.acknowledgements();
		assertThat(acknowledgements.stream().map(Acknowledgement::taskId).collect(Collectors.toSet()))
			.isEqualTo(this.platform.ends().keySet());
		assertThat(acknowledgements).allSatisfy((acknowledgement) -> assertThat(acknowledgement.time().toEpochMilli())
			.isGreaterThanOrEqualTo(firstHandled.get(this.platform.ends().get(acknowledgement.taskId()))));
	}

}
