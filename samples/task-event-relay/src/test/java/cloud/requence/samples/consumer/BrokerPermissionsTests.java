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

package cloud.requence.samples.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.samples.relay.EventRelayApplication;
import cloud.requence.samples.relay.monitoring.Monitor;
import cloud.requence.samples.relay.monitoring.Reading;
import cloud.requence.samples.relay.monitoring.TopicState.Group;
import cloud.requence.samples.relay.replay.DeadLetterReplay;
import cloud.requence.samples.relay.replay.DeadLetterReplay.Replayed;
import cloud.requence.task.TaskEnd;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Relay and consumer on a broker that allows what the README lists, and nothing else.
 */
class BrokerPermissionsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String GROUP = "task-consumers";

	private static final String CREDENTIALS = "org.apache.kafka.common.security.plain.PlainLoginModule required "
			+ "username=\"%1$s\" password=\"%1$s-secret\"";

	// Controllers have no credentials
	private static final Map<String, String> BROKER = Map.of("super.users", "User:admin;User:ANONYMOUS",
			"listener.name.external.plain.sasl.jaas.config",
			CREDENTIALS.formatted("admin") + " user_admin=\"admin-secret\" user_relay=\"relay-secret\""
					+ " user_consumer=\"consumer-secret\";",
			"offsets.topic.num.partitions", "1", "offsets.topic.replication.factor", "1",
			"transaction.state.log.num.partitions", "1", "transaction.state.log.replication.factor", "1",
			"transaction.state.log.min.isr", "1", "group.initial.rebalance.delay.ms", "0",
			"group.min.session.timeout.ms", "500", "auto.create.topics.enable", "false");

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private final List<ConfigurableApplicationContext> applications = new ArrayList<>();

	private final Refusals refusals = new Refusals();

	private KafkaClusterTestKit broker;

	@BeforeEach
	void startBroker() throws Exception {
		KafkaClusterTestKit.Builder builder = new KafkaClusterTestKit.Builder(
				new TestKitNodes.Builder().setCombined(true)
					.setNumBrokerNodes(1)
					.setNumControllerNodes(1)
					.setBrokerSecurityProtocol(SecurityProtocol.SASL_PLAINTEXT)
					.build());
		BROKER.forEach(builder::setConfigProp);
		this.broker = builder.build();
		this.broker.format();
		this.broker.startup();
		this.broker.waitForReadyBrokers();
	}

	@AfterEach
	void stop() throws Exception {
		this.applications.forEach(ConfigurableApplicationContext::close);
		this.emulator.close();
		this.broker.close();
	}

	private void allow(AclBinding... permissions) throws Exception {
		try (Admin admin = Admin
			.create(Map.of("bootstrap.servers", this.broker.bootstrapServers(), "security.protocol", "SASL_PLAINTEXT",
					"sasl.mechanism", "PLAIN", "sasl.jaas.config", CREDENTIALS.formatted("admin") + ";"))) {
			admin.createAcls(Arrays.asList(permissions)).all().get();
		}
	}

	private static AclBinding[] permissions(String user, ResourceType type, PatternType pattern, String name,
			AclOperation... operations) {
		return Set.of(operations)
			.stream()
			.map((operation) -> new AclBinding(new ResourcePattern(type, name, pattern),
					new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW)))
			.toArray(AclBinding[]::new);
	}

	private ConfigurableApplicationContext start(SpringApplicationBuilder application, String user,
			String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--spring.kafka.bootstrap-servers=" + this.broker.bootstrapServers());
		all.add("--spring.kafka.properties.security.protocol=SASL_PLAINTEXT");
		all.add("--spring.kafka.properties.sasl.mechanism=PLAIN");
		all.add("--spring.kafka.properties.sasl.jaas.config=" + CREDENTIALS.formatted(user) + ";");
		all.add("--requence.task.access-token=" + this.emulator.accessToken());
		ConfigurableApplicationContext context = application.run(all.toArray(String[]::new));
		this.applications.add(context);
		return context;
	}

	@Test
	void thePermissionsOfTheReadmeSuffice() throws Exception {
		allow(permissions("relay", ResourceType.TOPIC, PatternType.LITERAL, "updates", DESCRIBE, READ, WRITE, CREATE));
		allow(permissions("relay", ResourceType.TOPIC, PatternType.LITERAL, "relay-checkpoint", DESCRIBE, READ, WRITE,
				CREATE));
		allow(permissions("relay", ResourceType.GROUP, PatternType.LITERAL, "relay-leader", DESCRIBE, READ));
		allow(permissions("relay", ResourceType.TRANSACTIONAL_ID, PatternType.PREFIXED, "relay.", DESCRIBE, WRITE));
		allow(permissions("relay", ResourceType.TOPIC, PatternType.PREFIXED, "updates.", DESCRIBE, READ, WRITE));
		allow(permissions("relay", ResourceType.GROUP, PatternType.LITERAL, GROUP, DESCRIBE));
		allow(permissions("consumer", ResourceType.TOPIC, PatternType.LITERAL, "updates", DESCRIBE, READ));
		allow(permissions("consumer", ResourceType.TOPIC, PatternType.PREFIXED, "updates." + GROUP + ".", DESCRIBE,
				READ, WRITE, CREATE));
		allow(permissions("consumer", ResourceType.GROUP, PatternType.LITERAL, GROUP, DESCRIBE, READ));
		ConfigurableApplicationContext relay = start(new SpringApplicationBuilder(EventRelayApplication.class), "relay",
				"--relay.name=relay", "--relay.topic=updates", "--relay.partitions=2", "--server.port=0",
				"--relay.session-timeout=1s", "--relay.monitoring.interval=200ms", "--requence.task.since=1h",
				"--relay.security.users.anna.password=secret", "--relay.security.users.anna.role=operator");
		start(ConsumerApplication.application()
			.initializers((context) -> context.getBeanFactory().registerSingleton("refusals", this.refusals)),
				"consumer", "--requence.task.kafka.topic=updates", "--requence.task.listener.retry.delay=1ms");
		this.emulator.task("invoice").requireAck().start().end("done");
		Monitor monitor = relay.getBean(Monitor.class);
		await().atMost(PATIENCE).until(() -> deadLetters(monitor.reading()) == 1);
		assertThat(monitor.reading().failure()).isNull();
		assertThat(monitor.reading().state().instances()).hasSize(1);
		Group group = monitor.reading().state().groups().get(0);
		assertThat(group.problem()).isNull();
		assertThat(group.members()).hasSize(1);
		assertThat(this.emulator.acknowledgements()).isEmpty();
		this.refusals.ended = true;
		assertThat(relay.getBean(DeadLetterReplay.class).replayAll(GROUP)).isEqualTo(new Replayed(1, 0));
		await().atMost(PATIENCE).until(() -> this.emulator.acknowledgements().size() == 1);
		assertThat(this.refusals.handled).hasSize(1);
	}

	private static int deadLetters(Reading reading) {
		return (reading.state() == null) ? 0
				: reading.state()
					.groups()
					.stream()
					.filter((group) -> group.name().equals(GROUP) && group.deadLetters() != null)
					.mapToInt((group) -> group.deadLetters().letters().size())
					.sum();
	}

	/**
	 * A listener that refuses ends until it is told otherwise.
	 */
	static class Refusals {

		private final List<TaskEnd> handled = new CopyOnWriteArrayList<>();

		private volatile boolean ended;

		@Order(1)
		@EventListener
		void handle(TaskEnd end) {
			if (!this.ended) {
				throw new IllegalStateException("refused");
			}
			this.handled.add(end);
		}

	}

}
