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

package cloud.requence.samples.dashboard.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.support.Relay;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import cloud.requence.samples.dashboard.support.SharedFixtures;
import cloud.requence.task.TaskWatcher;
import com.sun.net.httpserver.HttpServer;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The board while its database is away.
 */
class OutageTests {

	@Nested
	class WithH2 extends Contract {

		private Server server;

		@Override
		int startDatabase() throws Exception {
			this.server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
			return this.server.getPort();
		}

		@Override
		String url(int port) {
			return "jdbc:h2:tcp://127.0.0.1:" + port + "/mem:outage;DB_CLOSE_DELAY=-1";
		}

		@AfterEach
		void stopDatabase() {
			this.server.stop();
		}

	}

	@Nested
	class WithPostgres extends Contract {

		private String database;

		@Override
		int startDatabase() throws Exception {
			this.database = SharedFixtures.postgresDatabase();
			return Integer.parseInt(this.database.replaceAll(".*:(\\d+)/.*", "$1"));
		}

		@Override
		String url(int port) {
			return this.database.replaceFirst("//[^/]*", "//127.0.0.1:" + port) + "&prepareThreshold=0";
		}

		@Test
		void knowsWhatWasCommittedThoughNobodyHasSaidSo() throws Exception {
			start("--dashboard.alerts.interval=1h");
			task("before").end("done");
			await().untilAsserted(() -> assertThat(states()).isEqualTo(Map.of("before", "succeeded")));
			relay().cutAtAnswerTo("COMMIT");
			TaskScript during = task("during");
			await().until(relay()::isCut);
			relay().mend();
			await().untilAsserted(
					() -> assertThat(states()).isEqualTo(Map.of("before", "succeeded", "during", "running")));
			during.end("done");
			await().untilAsserted(
					() -> assertThat(states()).isEqualTo(Map.of("before", "succeeded", "during", "succeeded")));
			assertCountedOnce(4);
		}

	}

	abstract static class Contract {

		private final RequenceEmulator platform = RequenceEmulator.builder().build().start();

		private final Chat chat = new Chat();

		private Relay relay;

		private RunningDashboard dashboard;

		abstract int startDatabase() throws Exception;

		abstract String url(int port);

		@AfterEach
		void close() throws Exception {
			this.dashboard.close();
			this.relay.close();
			this.platform.close();
			this.chat.close();
		}

		Relay relay() {
			return this.relay;
		}

		void start(String... arguments) throws Exception {
			this.relay = Relay.to(startDatabase());
			List<String> all = new ArrayList<>(List.of(arguments));
			all.add("--spring.datasource.url=" + url(this.relay.port()));
			all.add("--spring.datasource.hikari.connection-timeout=500");
			this.dashboard = RunningDashboard.start(this.platform, all.toArray(new String[0]));
		}

		TaskScript task(String name) {
			return this.platform.task("invoice").name(name).requireAck().start();
		}

		private JsonNode board() throws Exception {
			HttpResponse<Stream<String>> response = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(this.dashboard.address("/api/board")).build(),
						HttpResponse.BodyHandlers.ofLines());
			try (Stream<String> lines = response.body()) {
				return this.dashboard.parse(lines.findFirst().orElseThrow().substring("data:".length()));
			}
		}

		Map<String, String> states() throws Exception {
			return board().path("tasks")
				.valueStream()
				.collect(Collectors.toMap((task) -> task.path("name").asString(),
						(task) -> task.path("state").asString()));
		}

		@Test
		void losesNothingAndContinues() throws Exception {
			start("--dashboard.alerts.interval=1s", "--dashboard.alerts.resolve-after=1s",
					"--dashboard.alerts.rules.history-gone.limit=1s",
					"--dashboard.alerts.webhook.url=" + this.chat.url());
			TaskScript running = task("running").nodeStart("scan");
			task("before").end("done");
			await().untilAsserted(
					() -> assertThat(states()).isEqualTo(Map.of("running", "running", "before", "succeeded")));
			Long position = this.dashboard.bean(TaskWatcher.class).status().deliveredPosition();

			this.relay.cut();
			running.nodeEnd("scan").end("done");
			TaskScript during = task("during").fail("No such supplier");
			await().untilAsserted(
					() -> assertThat(this.dashboard.bean(TaskWatcher.class).status().backlog().updates()).isPositive());
			await().untilAsserted(() -> assertThat(this.chat.texts()).singleElement()
				.asString()
				.startsWith("History unavailable since "));
			assertThat(this.dashboard.json("/api/alerts").path("incidents").get(0).path("kind").asString())
				.isEqualTo("history-gone");
			for (String path : new String[] { "/api/history/tasks", "/api/history/groups" }) {
				assertUnavailable(this.dashboard.get(path));
			}
			assertThat(this.dashboard.json("/api/task?id=" + during.taskId()).path("fromPlatform").asBoolean())
				.isTrue();
			assertUnavailable(this.dashboard.get("/api/task/payload/file?of=input&id=" + during.taskId()));
			assertThat(this.dashboard.post("/api/task/protect?id=" + running.taskId(), Map.of()).statusCode())
				.isEqualTo(200);
			assertThat(this.dashboard.json("/api/task?id=" + running.taskId()).path("isProtected").asBoolean())
				.isTrue();
			assertThat(this.dashboard.get("/").statusCode()).isEqualTo(200);
			assertThat(this.dashboard.get("/actuator/health").statusCode()).isEqualTo(503);
			assertThat(this.dashboard.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
			assertThat(this.dashboard.get("/api/task?id=" + running.taskId()).statusCode()).isEqualTo(200);
			assertThat(states()).isEqualTo(Map.of("running", "running", "before", "succeeded"));
			await().untilAsserted(() -> assertThat(board().path("watcher").path("waitingSince").isNumber()).isTrue());
			assertThat(this.dashboard.bean(TaskWatcher.class).status().deliveredPosition()).isEqualTo(position);
			assertThat(this.platform.acknowledgements()).isEmpty();

			this.relay.mend();
			// The delivery tries less often the longer it waits
			await().atMost(Duration.ofMinutes(1))
				.untilAsserted(() -> assertThat(states())
					.isEqualTo(Map.of("running", "succeeded", "before", "succeeded", "during", "failed")));
			JsonNode counters = board().path("counters");
			assertThat(counters.path("succeeded").asInt()).isEqualTo(2);
			assertThat(counters.path("failed").asInt()).isOne();
			assertCountedOnce((int) this.platform.lastPosition());
			await().untilAsserted(() -> assertThat(this.chat.texts()).hasSize(2)
				.last()
				.asString()
				.startsWith("Resolved: History unavailable since "));
			await().untilAsserted(() -> assertThat(board().path("watcher").path("waitingSince").isNull()).isTrue());
			assertThat(this.platform.acknowledgements()).isEmpty();
		}

		void assertCountedOnce(int updates) throws Exception {
			assertThat(this.platform.lastPosition()).isEqualTo(updates);
			assertThat(board().path("counters").path("updates").asInt()).isEqualTo(updates);
			assertThat(this.dashboard.json("/api/history/tasks")
				.path("tasks")
				.valueStream()
				.mapToInt((task) -> task.path("updates").asInt())
				.sum()).isEqualTo(updates);
		}

		private void assertUnavailable(HttpResponse<String> response) {
			assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
			assertThat(this.dashboard.parse(response.body()).path("detail").asString())
				.isEqualTo("The database of the history does not answer.");
		}

	}

	/**
	 * Where notices are posted.
	 */
	private static final class Chat implements AutoCloseable {

		private final List<String> texts = new CopyOnWriteArrayList<>();

		private final HttpServer server;

		Chat() {
			try {
				this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			this.server.createContext("/", (exchange) -> {
				this.texts.add(
						JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes()).path("text").asString());
				exchange.sendResponseHeaders(200, -1);
				exchange.close();
			});
			this.server.start();
		}

		String url() {
			return "http://127.0.0.1:" + this.server.getAddress().getPort();
		}

		List<String> texts() {
			return this.texts;
		}

		@Override
		public void close() {
			this.server.stop(0);
		}

	}

}
