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

package cloud.requence.samples.relay.figures;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import cloud.requence.emulator.testing.BusyPlatform;
import cloud.requence.samples.relay.EventRelayApplication;
import cloud.requence.samples.relay.TestKafka;
import cloud.requence.samples.relay.process.ChildApplication;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.awaitility.Awaitility.await;

/**
 * Measures consumers: how many updates a second one to eight of them handle with a
 * listener of 5 ms, how long an update takes from the platform to a listener, and how
 * long nothing is handled after a process was killed. The broker, the relays and the
 * consumers are processes of their own.
 */
public final class ConsumerFigures {

	private static final Logger logger = LoggerFactory.getLogger(ConsumerFigures.class);

	private static final int TASKS = 30_000;

	private static final int PARTITIONS = 12;

	private static final int WORK_MILLIS = 5;

	private static final Duration MEASURED = Duration.ofSeconds(20);

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private static final int TASKS_PER_SECOND = 25;

	private static final int KILLS = 3;

	private final Path directory = Files.createTempDirectory("consumer-figures");

	private final Broker broker = new Broker(this.directory);

	private final List<ChildApplication> children = new ArrayList<>();

	private ConsumerFigures() throws IOException {
	}

	/**
	 * Print the figures.
	 * @param args none
	 */
	public static void main(String[] args) throws Exception {
		ConsumerFigures figures = new ConsumerFigures();
		try {
			figures.scaling();
			figures.latencyAndRecovery();
		}
		finally {
			figures.children.forEach(ChildApplication::close);
			figures.broker.close();
		}
		System.exit(0);
	}

	private void scaling() throws Exception {
		String topic = TestKafka.uniqueName();
		try (RecordedPlatform platform = RecordedPlatform.record(TASKS)) {
			ChildApplication relay = startRelay(topic, platform.accessToken());
			await().atMost(PATIENCE).until(() -> TestKafka.exists(this.broker.address(), topic));
			await().atMost(PATIENCE)
				.pollInterval(Duration.ofSeconds(2))
				.until(() -> TestKafka.read(this.broker.address(), topic).size() == platform.updates());
			relay.kill();
			for (int consumers : new int[] { 1, 2, 4, 8 }) {
				logger.info("{} consumers: {} updates/s", consumers,
						handledPerSecond(topic, platform.accessToken(), consumers));
			}
		}
	}

	private long handledPerSecond(String topic, String accessToken, int consumers) throws Exception {
		String group = "figures-" + consumers;
		Path record = newRecord();
		List<ChildApplication> started = new ArrayList<>();
		for (int i = 0; i < consumers; i++) {
			started.add(startConsumer(topic, group, accessToken, record, WORK_MILLIS));
		}
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", this.broker.address()))) {
			// Until the group is there
			await().atMost(PATIENCE)
				.ignoreException(ExecutionException.class)
				.until(() -> isShared(admin, group, consumers));
		}
		long begun = System.currentTimeMillis();
		await().atMost(PATIENCE).until(() -> System.currentTimeMillis() - begun > MEASURED.toMillis());
		for (ChildApplication child : started) {
			child.kill();
		}
		return handled(record).stream()
			.filter((update) -> update.handled() >= begun && update.handled() < begun + MEASURED.toMillis())
			.count() / MEASURED.toSeconds();
	}

	private static boolean isShared(Admin admin, String group, int members) throws Exception {
		ConsumerGroupDescription description = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
		return description.members().size() == members && description.members()
			.stream()
			.allMatch((member) -> member.assignment()
				.topicPartitions()
				.stream()
				.filter((partition) -> !partition.topic().endsWith(".replays"))
				.count() >= PARTITIONS / members);
	}

	private void latencyAndRecovery() throws Exception {
		String topic = TestKafka.uniqueName();
		Path record = newRecord();
		try (BusyPlatform platform = new BusyPlatform(TASKS_PER_SECOND)) {
			String accessToken = platform.emulator().accessToken();
			ChildApplication[] relays = new ChildApplication[2];
			relays[0] = startRelay(topic, accessToken);
			await().atMost(PATIENCE).until(() -> TestKafka.exists(this.broker.address(), topic));
			ChildApplication[] consumers = { startConsumer(topic, topic, accessToken, record, 0),
					startConsumer(topic, topic, accessToken, record, 0) };
			awaitHandled(record, platform);
			relays[1] = startRelay(topic, accessToken);
			awaitMillis(20_000);
			long begun = System.currentTimeMillis();
			awaitMillis(60_000);
			logger.info("Latency of {} updates/s: {}", 4 * TASKS_PER_SECOND, percentiles(latencies(record, begun)));
			for (int i = 0; i < KILLS; i++) {
				int leader = i % 2;
				long killed = System.currentTimeMillis();
				relays[leader].kill();
				logger.info("Leader killed: {}", recovery(record, platform, killed));
				relays[leader] = startRelay(topic, accessToken);
				awaitMillis(15_000);
			}
			for (int i = 0; i < KILLS; i++) {
				long killed = System.currentTimeMillis();
				consumers[i % 2].kill();
				logger.info("Consumer killed: {}", recovery(record, platform, killed));
				consumers[i % 2] = startConsumer(topic, topic, accessToken, record, 0);
				awaitMillis(15_000);
			}
		}
	}

	/**
	 * The longest time that an update took which was sent within half a minute of the
	 * kill.
	 */
	private static String recovery(Path record, BusyPlatform platform, long killed) throws IOException {
		awaitMillis(30_000);
		awaitHandled(record, platform);
		long longest = latencies(record, killed - 1000).stream().mapToLong(Long::longValue).max().orElseThrow();
		return "the last update is handled after " + longest + " ms";
	}

	private static void awaitHandled(Path record, BusyPlatform platform) {
		long position = platform.emulator().lastPosition();
		await().atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(500))
			.until(() -> handled(record).stream().anyMatch((update) -> update.position() > position));
	}

	private static void awaitMillis(long millis) {
		long begun = System.currentTimeMillis();
		await().atMost(PATIENCE).until(() -> System.currentTimeMillis() - begun > millis);
	}

	private static List<Long> latencies(Path record, long since) throws IOException {
		return handled(record).stream()
			.filter((update) -> update.sent() >= since)
			.map((update) -> update.handled() - update.sent())
			.sorted()
			.toList();
	}

	private static String percentiles(List<Long> latencies) {
		return "p50 " + latencies.get(latencies.size() / 2) + " ms, p99 " + latencies.get(latencies.size() * 99 / 100)
				+ " ms, longest " + latencies.get(latencies.size() - 1) + " ms, " + latencies.size() + " updates";
	}

	private static List<Handled> handled(Path record) throws IOException {
		String text = Files.readString(record, StandardCharsets.US_ASCII);
		return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Handled::parse).toList();
	}

	private Path newRecord() throws IOException {
		return Files.createTempFile(this.directory, "record", ".txt");
	}

	private ChildApplication startRelay(String topic, String accessToken) throws IOException {
		return start(EventRelayApplication.class, accessToken, "--spring.main.web-application-type=none",
				"--spring.main.keep-alive=true", "--relay.name=" + topic, "--relay.topic=" + topic,
				"--relay.partitions=" + PARTITIONS, "--requence.task.since=1h");
	}

	private ChildApplication startConsumer(String topic, String group, String accessToken, Path record, int workMillis)
			throws IOException {
		return start(MeasuredConsumer.class, accessToken, "--requence.task.kafka.topic=" + topic,
				"--requence.task.kafka.group-id=" + group, "--figures.file=" + record, "--figures.work=" + workMillis,
				"--spring.kafka.consumer.properties.session.timeout.ms=6000",
				"--spring.kafka.consumer.properties.heartbeat.interval.ms=1000");
	}

	private ChildApplication start(Class<?> application, String accessToken, String... arguments) throws IOException {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--spring.kafka.bootstrap-servers=" + this.broker.address());
		all.add("--requence.task.access-token=" + accessToken);
		ChildApplication child = new ChildApplication(application,
				this.directory.resolve("child-" + this.children.size() + ".log"), all);
		this.children.add(child);
		return child;
	}

	/**
	 * An update, when the platform has sent it, and when a listener has handled it.
	 */
	private record Handled(long position, long sent, long handled) {

		static Handled parse(String line) {
			String[] parts = line.split(" ");
			return new Handled(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
		}

	}

}
