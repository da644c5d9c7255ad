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

package cloud.requence.samples.relay.demo;

import java.time.Duration;

import cloud.requence.samples.relay.EventRelayApplication;
import cloud.requence.samples.relay.TestKafka;
import cloud.requence.samples.relay.monitoring.Monitor;
import cloud.requence.samples.relay.monitoring.TopicState;
import cloud.requence.samples.relay.monitoring.TopicState.Group;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what one command starts.
 */
@ExtendWith(OutputCaptureExtension.class)
class DemoTests {

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	@Test
	void showsARelayTwoConsumersAndDeadLettersWithoutWarnings(CapturedOutput output) {
		// A broker of other tests has set this property
		try (ConfigurableApplicationContext demo = SpringApplication.run(EventRelayApplication.class,
				"--spring.kafka.bootstrap-servers=embedded", "--server.port=0")) {
			Monitor monitor = demo.getBean(Monitor.class);
			await().atMost(PATIENCE).until(() -> {
				TopicState state = monitor.reading().state();
				return state != null && state.groups().stream().anyMatch(DemoTests::hasEverything);
			});
			assertThat(output.getAll().lines().filter((line) -> line.contains("WARN") || line.contains("ERROR")))
				.singleElement()
				.asString()
				.contains("Sign in as 'operator'");
		}
	}

	private static boolean hasEverything(Group group) {
		return group.members().size() == 2 && group.deadLetters() != null && !group.deadLetters().letters().isEmpty();
	}

	@Test
	void namesThePropertyForAPortThatIsInUse(CapturedOutput output) {
		String[] arguments = { "--spring.kafka.bootstrap-servers=" + TestKafka.address(), "--server.port=0",
				"--relay.name=" + TestKafka.uniqueName(), "--requence.task.auto-startup=false",
				"--relay.security.users.anna.password={noop}secret" };
		try (ConfigurableApplicationContext first = SpringApplication.run(EventRelayApplication.class, arguments)) {
			int port = ((WebServerApplicationContext) first).getWebServer().getPort();
			arguments[1] = "--server.port=" + port;
			assertThatException().isThrownBy(() -> SpringApplication.run(EventRelayApplication.class, arguments));
			assertThat(output).contains("Port " + port + " is in use: set server.port to another one");
		}
	}

	@Test
	void needsUsersWithABrokerOfItsOwn(CapturedOutput output) {
		assertThatException().isThrownBy(() -> SpringApplication.run(EventRelayApplication.class,
				"--spring.kafka.bootstrap-servers=" + TestKafka.address(), "--server.port=0",
				"--relay.name=" + TestKafka.uniqueName(), "--requence.task.auto-startup=false"));
		assertThat(output).contains("The relay has no users").contains("relay.security.users.<name>.password");
	}

}
