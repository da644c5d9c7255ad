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

package cloud.requence.samples.dashboard;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.samples.dashboard.board.TaskBoard;
import cloud.requence.samples.dashboard.support.Updates;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.doAnswer;

/**
 * Tests for {@link TaskDashboardApplication} without a browser.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "dashboard.emulator.scenario.enabled=false")
class TaskDashboardApplicationTests {

	private final HttpClient client = HttpClient.newHttpClient();

	private final JsonMapper mapper = new JsonMapper();

	@LocalServerPort
	private int port;

	@Autowired
	private RequenceEmulator emulator;

	@MockitoSpyBean
	private TaskBoard board;

	private HttpRequest request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path))
			.timeout(Duration.ofSeconds(30))
			.build();
	}

	private HttpResponse<String> get(String path) throws Exception {
		return this.client.send(request(path), HttpResponse.BodyHandlers.ofString());
	}

	private JsonNode firstMessage() throws Exception {
		HttpResponse<Stream<String>> response = this.client.send(request("/api/board"),
				HttpResponse.BodyHandlers.ofLines());
		try (Stream<String> lines = response.body()) {
			String line = lines.findFirst().orElseThrow();
			assertThat(line).startsWith("data:");
			return this.mapper.readTree(line.substring("data:".length()));
		}
	}

	private String play(String name) {
		await().until(() -> this.emulator.openStreams() > 0);
		return this.emulator.task("invoice")
			.name(name)
			.input(List.of("a"))
			.start()
			.nodeStart("scan")
			.nodeUpdate("scan", 7)
			.nodeEnd("scan")
			.end("done")
			.taskId();
	}

	@Test
	void tellsABrowserEverythingAtFirst() throws Exception {
		String id = play("Invoice 7");
		await().untilAsserted(() -> {
			JsonNode message = firstMessage();
			assertThat(message.path("complete").booleanValue()).isTrue();
			assertThat(message.path("source").path("emulator").booleanValue()).isTrue();
			assertThat(message.path("watcher").path("state").stringValue()).isEqualTo("streaming");
			assertThat(message.path("tasks")).anySatisfy((task) -> {
				assertThat(task.path("id").stringValue()).isEqualTo(id);
				assertThat(task.path("name").stringValue()).isEqualTo("Invoice 7");
				assertThat(task.path("state").stringValue()).isEqualTo("succeeded");
				assertThat(task.path("nodeStates").path(0).stringValue()).isEqualTo("done");
			});
		});
	}

	@Test
	void tellsAllOfATask() throws Exception {
		String id = play("Invoice 8");
		await().untilAsserted(() -> assertThat(get("/api/task?id=" + id).statusCode()).isEqualTo(200));
		await().untilAsserted(() -> {
			JsonNode task = this.mapper.readTree(get("/api/task?id=" + id).body());
			assertThat(task.path("input").path("size").intValue()).isEqualTo(5);
			assertThat(task.path("result").path("size").intValue()).isEqualTo(6);
			assertThat(task.path("nodes").path(0).path("marks")).hasSize(3);
			JsonNode input = this.mapper.readTree(get("/api/task/payload?of=input&id=" + id).body());
			assertThat(input.path("text").stringValue()).isEqualTo("[\"a\"]");
		});
	}

	@Test
	void acknowledgesNothingForOthers() throws Exception {
		await().until(() -> this.emulator.openStreams() > 0);
		String id = this.emulator.task("invoice").requireAck().start().end("done").taskId();
		await().untilAsserted(() -> assertThat(get("/api/task?id=" + id).statusCode()).isEqualTo(200));
		await().during(Duration.ofSeconds(1)).until(() -> this.emulator.acknowledgements().isEmpty());
		assertThat(this.emulator.awaitingDelivery()).contains(id);
	}

	@Test
	void knowsNoOtherTask() throws Exception {
		assertThat(get("/api/task?id=none").statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/js/main.js", "/css/board.css", "/img/icons.svg", "/webjars/uplot/dist/uPlot.esm.js",
			"/webjars/uplot/dist/uPlot.min.css", "/api/task?id=none" })
	void letsBrowsersRunNothingButItsOwnFiles(String path) throws Exception {
		HttpResponse<String> response = get(path);
		assertThat(response.statusCode()).isEqualTo(path.endsWith("none") ? 404 : 200);
		assertThat(response.headers().firstValue("Content-Security-Policy").orElse("")).startsWith("default-src 'self'")
			.doesNotContain("unsafe");
		assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
	}

	@Test
	void makesNothingForABrowserThatDoesNotRead() throws Exception {
		AtomicInteger made = new AtomicInteger();
		doAnswer((invocation) -> {
			made.incrementAndGet();
			return invocation.callRealMethod();
		}).when(this.board).changesSince(anyLong(), anyLong());
		changeManyTasks();
		try (Socket socket = new Socket()) {
			socket.setReceiveBufferSize(4096);
			socket.connect(new InetSocketAddress("127.0.0.1", this.port));
			socket.getOutputStream()
				.write("GET /api/board HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			await().until(() -> made.get() > 0);
			// Until the buffers of the network are full, which count as sent
			await().atMost(Duration.ofMinutes(1)).until(() -> {
				changeManyTasks();
				int before = made.get();
				await().during(Duration.ofSeconds(1)).until(() -> true);
				return made.get() == before;
			});
			int stalled = made.get();
			byte[] buffer = new byte[65536];
			while (made.get() == stalled) {
				assertThat(socket.getInputStream().read(buffer)).isPositive();
			}
		}
	}

	private void changeManyTasks() {
		for (int i = 0; i < 2000; i++) {
			this.board.apply(Updates.of("task " + i).named("x".repeat(200)).nodeStart("scan"));
		}
	}

	@Nested
	class AtShutdown {

		@Test
		@Timeout(20)
		void doesNotWaitForBrowsers() throws Exception {
			ConfigurableApplicationContext context = new SpringApplicationBuilder(TaskDashboardApplication.class)
				.run("--server.port=0", "--dashboard.emulator.scenario.enabled=false");
			String port = context.getEnvironment().getRequiredProperty("local.server.port");
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/board")).build();
			try (Stream<String> lines = TaskDashboardApplicationTests.this.client
				.send(request, HttpResponse.BodyHandlers.ofLines())
				.body()) {
				context.close();
				assertThat(lines).isNotEmpty();
			}
		}

	}

}
