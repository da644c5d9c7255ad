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

package cloud.requence.samples.relay.web;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.samples.consumer.ConsumerApplication;
import cloud.requence.samples.relay.EventRelayApplication;
import cloud.requence.samples.relay.TestKafka;
import cloud.requence.samples.relay.support.Browser;
import cloud.requence.task.TaskEnd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of the page in a browser, with a consumer whose listener fails.
 */
class PageTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String HOSTILE = "<img src=x onerror=alert(1)>";

	private static final RequenceEmulator emulator = RequenceEmulator.builder().build();

	private static final String topic = TestKafka.uniqueName();

	private static final Refusing listener = new Refusing();

	private static ConfigurableApplicationContext relay;

	private static ConfigurableApplicationContext consumer;

	private static Browser browser;

	@BeforeAll
	static void start() throws IOException {
		browser = Browser.start();
		emulator.start();
		relay = new SpringApplicationBuilder(EventRelayApplication.class).run(
				"--spring.kafka.bootstrap-servers=" + TestKafka.address(), "--relay.name=" + topic,
				"--relay.topic=" + topic, "--relay.partitions=4", "--relay.session-timeout=1s", "--server.port=0",
				"--relay.monitoring.interval=300ms", "--requence.task.access-token=" + emulator.accessToken(),
				"--requence.task.since=1h", "--relay.security.users.olga.password={noop}secret-o",
				"--relay.security.users.olga.role=operator", "--relay.security.users.ben.password={noop}secret-b");
		consumer = ConsumerApplication.application()
			.initializers((context) -> context.getBeanFactory().registerSingleton("listener", listener))
			.run("--spring.kafka.bootstrap-servers=" + TestKafka.address(),
					"--requence.task.access-token=" + emulator.accessToken(), "--requence.task.kafka.topic=" + topic,
					"--requence.task.listener.retry.delay=10ms", "--spring.kafka.client-id=" + HOSTILE);
	}

	@AfterAll
	static void stop() throws IOException {
		browser.close();
		consumer.close();
		relay.close();
		emulator.close();
	}

	@BeforeEach
	void signIn() {
		browser.scripts(true);
		listener.refuses = true;
		signIn("olga", "secret-o");
	}

	@AfterEach
	void replayAll() {
		listener.refuses = false;
		browser.scripts(true);
		signIn("olga", "secret-o");
		open("/dead-letters?group=task-consumers");
		if (!browser.texts("#all").isEmpty()) {
			browser.find("#all").click();
			browser.awaitText("#letters", "There are no dead letters");
		}
		assertThat(browser.errors()).allMatch((error) -> error.contains("responded with a status of"));
	}

	private static void signIn(String name, String password) {
		open("/login");
		browser.find("#username").sendKeys(name);
		browser.find("#password").sendKeys(password, Keys.ENTER);
		browser.find("#state");
	}

	private static void open(String path) {
		browser.open("http://127.0.0.1:" + ((WebServerApplicationContext) relay).getWebServer().getPort() + path);
	}

	private static void endTasks(int count) {
		for (int i = 0; i < count; i++) {
			emulator.task(HOSTILE).start().end("done");
		}
	}

	private static void awaitLetters(String text) {
		await().atMost(PATIENCE).untilAsserted(() -> {
			open("/dead-letters?group=task-consumers");
			assertThat(browser.texts(".count")).containsExactly(text);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void everyoneCanUseThem(String scheme) throws IOException {
		browser.colorScheme(scheme);
		endTasks(1);
		awaitLetters("1 letter");
		for (String page : List.of("/", "/dead-letters?group=task-consumers", "/dead-letters?group=unknown",
				"/dead-letters", "/login")) {
			open(page);
			assertThat(browser.barriers()).as(page).isEmpty();
		}
	}

	@Test
	void showTheRelayAndItsReaders() {
		listener.refuses = false;
		endTasks(2);
		browser.awaitText(".cards", "leader, connected");
		browser.awaitText(".cards", "none, 0 in progress");
		browser.awaitText(".group .table", HOSTILE);
		browser.awaitText(".group .table", "0, 1, 2, 3");
		browser.awaitText(".group .lag", "0");
		String last = String.valueOf(emulator.lastPosition());
		browser.awaitText("[aria-label='Table of partitions'] tbody", last);
	}

	@Test
	void showHostileTextsAsTexts() {
		endTasks(1);
		awaitLetters("1 letter");
		browser.awaitText("td.task", HOSTILE);
		browser.awaitText("td.error", "IllegalStateException: <script>alert(1)</script>");
		assertThat(browser.texts("#letters img, #letters script")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void replayALetterOrAll(boolean scripts) {
		browser.scripts(scripts);
		endTasks(3);
		awaitLetters("3 letters");
		listener.refuses = false;
		listener.handled.clear();
		browser.find("td button").click();
		browser.awaitText("[role=status]", "1 letter replayed");
		assertThat(browser.texts(".count")).containsExactly("2 letters");
		await().atMost(PATIENCE).until(() -> listener.handled.size() == 1);
		browser.find("#all").click();
		browser.awaitText("[role=status]", "2 letters replayed");
		browser.awaitText("#letters", "There are no dead letters");
		await().atMost(PATIENCE).until(() -> listener.handled.size() == 3);
		assertThat(listener.handled).doesNotHaveDuplicates();
	}

	@Test
	void showNewLettersWithoutAReload() {
		open("/dead-letters?group=task-consumers");
		browser.awaitText("#letters", "There are no dead letters");
		endTasks(1);
		browser.awaitText(".count", "1 letter");
	}

	@Test
	void showALongListInPages() {
		endTasks(51);
		awaitLetters("51 letters");
		assertThat(browser.texts("tbody tr")).hasSize(50);
		browser.find("a[rel=next]").click();
		browser.awaitText(".paging", "Page 2 of 2");
		assertThat(browser.texts("tbody tr")).hasSize(1);
	}

	@Test
	void viewersOnlyLook() {
		endTasks(1);
		awaitLetters("1 letter");
		signIn("ben", "secret-b");
		open("/dead-letters?group=task-consumers");
		browser.awaitText("#letters", "1 letter");
		assertThat(browser.texts("#letters button")).isEmpty();
	}

	/**
	 * A listener that can be told to fail.
	 */
	static class Refusing {

		private final List<String> handled = new CopyOnWriteArrayList<>();

		private volatile boolean refuses;

		@EventListener
		void handle(TaskEnd end) {
			if (this.refuses) {
				throw new IllegalStateException("<script>alert(1)</script>");
			}
			this.handled.add(end.taskId());
		}

	}

}
