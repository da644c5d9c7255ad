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

package cloud.requence.samples.dashboard.payload;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.TaskDashboardApplication;
import cloud.requence.samples.dashboard.board.TaskBoard;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.StreamUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link FileFetches} with streams that are silent.
 */
class FileFetchesTests {

	private final HttpClient client = HttpClient.newHttpClient();

	private final List<InputStream> open = new ArrayList<>();

	private ConfigurableApplicationContext board;

	private RequenceEmulator emulator;

	private TaskScript task;

	@AfterEach
	void close() throws IOException {
		for (InputStream stream : this.open) {
			stream.close();
		}
		this.board.close();
	}

	private void run(String... arguments) {
		List<String> all = new ArrayList<>(List.of("--server.port=0", "--dashboard.emulator.scenario.enabled=false"));
		all.addAll(List.of(arguments));
		this.board = new SpringApplicationBuilder(TaskDashboardApplication.class).run(all.toArray(new String[0]));
		this.emulator = this.board.getBean(RequenceEmulator.class);
		await().until(() -> this.emulator.openStreams() > 0);
		this.task = this.emulator.task("invoice")
			.input(Map.of("log", this.emulator.files().stream("image/png").write("beginning")))
			.start();
		await().until(() -> this.board.getBean(TaskBoard.class).details(this.task.taskId()).isPresent());
	}

	private HttpRequest.Builder request(String path) {
		int port = ((WebServerApplicationContext) this.board).getWebServer().getPort();
		return HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/task" + path
					+ (path.contains("?") ? "&id=" : "?id=") + this.task.taskId()))
			.timeout(Duration.ofSeconds(20));
	}

	/**
	 * Open the stream, which is silent after its beginning.
	 */
	private InputStream openStream() throws Exception {
		HttpResponse<InputStream> response = this.client.send(request("/files?of=input&at=/log").build(),
				HttpResponse.BodyHandlers.ofInputStream());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
		assertThat(response.body().readNBytes(9)).asString().isEqualTo("beginning");
		this.open.add(response.body());
		return response.body();
	}

	private HttpResponse<String> openOneTooMany() throws Exception {
		return this.client.send(request("/files?of=input&at=/log").build(), HttpResponse.BodyHandlers.ofString());
	}

	private HttpResponse<String> abort() throws Exception {
		return this.client.send(request("/abort").header("Content-Type", "application/json")
			.header("Cookie", "XSRF-TOKEN=token")
			.header("X-XSRF-TOKEN", "token")
			.POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"x\"}"))
			.build(), HttpResponse.BodyHandlers.ofString());
	}

	@Test
	void doNotHoldUpOtherCalls() throws Exception {
		run("--dashboard.files.max-open-per-viewer=100");
		for (int i = 0; i < 64; i++) {
			openStream();
		}
		HttpResponse<String> refused = openOneTooMany();
		assertThat(refused.statusCode()).isEqualTo(503);
		assertThat(refused.body()).contains("All viewers have 64 files and streams open");
		assertThat(abort().statusCode()).isEqualTo(200);
		assertThat(this.task.hasEnded()).isTrue();
	}

	@Test
	void areLimitedForEachViewer() throws Exception {
		run();
		for (int i = 0; i < 8; i++) {
			openStream();
		}
		HttpResponse<String> refused = openOneTooMany();
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(refused.body()).contains("You have 8 files and streams open");
		this.open.remove(0).close();
		await().ignoreExceptionsMatching(AssertionError.class::isInstance).until(() -> openStream() != null);
	}

	@Test
	void endWhenTheyAreSilentForTooLong() throws Exception {
		run("--dashboard.files.idle-timeout=300ms");
		InputStream stream = openStream();
		assertThatIOException().isThrownBy(() -> StreamUtils.copyToString(stream, StandardCharsets.UTF_8));
	}

	@Test
	void endWhenTheyTakeTooLong() throws Exception {
		run("--dashboard.files.timeout=300ms");
		InputStream stream = openStream();
		assertThatIOException().isThrownBy(() -> StreamUtils.copyToString(stream, StandardCharsets.UTF_8));
	}

}
