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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import cloud.requence.emulator.RequenceEmulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what Actuator shows of the watcher over HTTP.
 */
class ActuatorTests {

	private final HttpClient client = HttpClient.newHttpClient();

	private ConfigurableApplicationContext application;

	@AfterEach
	void close() {
		this.application.close();
	}

	private void run(String... properties) {
		this.application = new SpringApplicationBuilder(TaskDashboardApplication.class)
			.properties("server.port=0", "dashboard.emulator.scenario.enabled=false")
			.run(properties);
	}

	private HttpRequest.Builder request(String path) {
		int port = ((WebServerApplicationContext) this.application).getWebServer().getPort();
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator" + path))
			.timeout(Duration.ofSeconds(30));
	}

	private HttpResponse<String> get(String path) throws Exception {
		return this.client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
	}

	private HttpResponse<String> post(String path, String action) throws Exception {
		return this.client.send(request(path).header("Content-Type", "application/json")
			.header("Cookie", "XSRF-TOKEN=token")
			.header("X-XSRF-TOKEN", "token")
			.POST(HttpRequest.BodyPublishers.ofString("{\"action\":\"" + action + "\"}"))
			.build(), HttpResponse.BodyHandlers.ofString());
	}

	private static JsonNode json(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(200);
		return JsonMapper.shared().readTree(response.body());
	}

	@Test
	void tellsThatTheWatcherIsUp() throws Exception {
		run();
		await().untilAsserted(() -> {
			JsonNode watcher = json(get("/health")).path("components").path("requenceTask");
			assertThat(watcher.path("status").asString()).isEqualTo("UP");
			assertThat(watcher.path("details").path("state").asString()).isEqualTo("STREAMING");
		});
	}

	@Test
	void tellsTheStatusOfTheWatcher() throws Exception {
		run();
		this.application.getBean(RequenceEmulator.class).task("invoice").start();
		await().untilAsserted(() -> {
			JsonNode status = json(get("/requencetask")).path("watchers").path("requenceTaskWatcher");
			assertThat(status.path("state").asString()).isEqualTo("STREAMING");
			assertThat(status.path("connection").path("connectedSince").asString()).matches("\\d{4}-.*Z");
			assertThat(json(get("/requencetask/requenceTaskWatcher")).path("updates").path("delivered").asInt())
				.isOne();
		});
		assertThat(get("/requencetask/another").statusCode()).isEqualTo(404);
	}

	@Test
	void doesNotLetTheWatcherBeSteered() throws Exception {
		run();
		assertThat(post("/requencetask", "stop").statusCode()).isEqualTo(405);
	}

	@Test
	void letsOperatorsSteerTheWatcherIfSaidSo() throws Exception {
		run("--management.endpoint.requencetask.access=unrestricted");
		assertThat(json(post("/requencetask", "pause")).path("state").asString()).isEqualTo("PAUSED");
		assertThat(json(post("/requencetask/requenceTaskWatcher", "resume")).path("running").asBoolean()).isTrue();
		assertThat(json(post("/requencetask", "STOP")).path("expectedToRun").asBoolean()).isFalse();
		assertThat(json(post("/requencetask", "start")).path("running").asBoolean()).isTrue();
		assertThat(post("/requencetask", "explode").statusCode()).isEqualTo(400);
		assertThat(post("/requencetask/another", "stop").statusCode()).isEqualTo(400);
	}

	@Test
	void tellsPrometheusWhatBecameOfTheUpdates() throws Exception {
		run();
		this.application.getBean(RequenceEmulator.class).task("invoice").start().end("done");
		await().untilAsserted(() -> assertThat(get("/prometheus").body()).contains(
				"requence_task_updates_total{outcome=\"delivered\",type=\"taskEnd\",watcher=\"requenceTaskWatcher\"} 1.0",
				"requence_task_delivery_seconds_count{error=\"none\",outcome=\"delivered\",type=\"taskStart\""));
	}

}
