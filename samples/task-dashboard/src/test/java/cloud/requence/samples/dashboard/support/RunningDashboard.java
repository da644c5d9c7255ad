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

package cloud.requence.samples.dashboard.support;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.samples.dashboard.TaskDashboardApplication;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.util.UriComponentsBuilder;

import static org.awaitility.Awaitility.await;

/**
 * A dashboard, which usually watches an emulator outside of it, so that it can be
 * restarted.
 */
public final class RunningDashboard implements AutoCloseable {

	private final HttpClient client = HttpClient.newHttpClient();

	private final JsonMapper mapper = new JsonMapper();

	private final RequenceEmulator platform;

	private final ConfigurableApplicationContext context;

	private RunningDashboard(RequenceEmulator platform, ConfigurableApplicationContext context) {
		this.platform = platform;
		this.context = context;
	}

	/**
	 * Start a dashboard.
	 * @param platform what it watches
	 * @param arguments further properties
	 * @return the dashboard, which is connected
	 */
	public static RunningDashboard start(RequenceEmulator platform, String... arguments) {
		int before = platform.watchRequests().size();
		ConfigurableApplicationContext context = run(arguments,
				List.of("--requence.task.access-token=" + platform.accessToken(), "--requence.task.since=1h"));
		await().until(() -> platform.watchRequests().size() > before && platform.openStreams() > 0);
		return new RunningDashboard(platform, context);
	}

	/**
	 * Start a dashboard that has no access token, and so an emulator inside.
	 * @param arguments further properties
	 * @return the dashboard, which is connected
	 */
	public static RunningDashboard startWithEmulatorInside(String... arguments) {
		ConfigurableApplicationContext context = run(arguments, List.of("--dashboard.emulator.scenario.enabled=false"));
		RequenceEmulator platform = context.getBean(RequenceEmulator.class);
		await().until(() -> platform.openStreams() > 0);
		return new RunningDashboard(platform, context);
	}

	/**
	 * Start a dashboard that watches a topic.
	 * @param platform where its actions go
	 * @param arguments further properties
	 * @return the dashboard
	 */
	public static RunningDashboard startOnTopic(RequenceEmulator platform, String... arguments) {
		return new RunningDashboard(platform,
				run(arguments, List.of("--requence.task.access-token=" + platform.accessToken())));
	}

	private static ConfigurableApplicationContext run(String[] arguments, List<String> further) {
		List<String> all = new ArrayList<>(further);
		all.addAll(List.of(arguments));
		return new SpringApplicationBuilder(TaskDashboardApplication.class, OwnThreads.class)
			.run(all.toArray(new String[0]));
	}

	public RequenceEmulator platform() {
		return this.platform;
	}

	public <T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	/**
	 * Return the address of a resource.
	 * @param path the path, with a query that has placeholders
	 * @param values the values of the placeholders
	 * @return the address
	 */
	public URI address(String path, Object... values) {
		return UriComponentsBuilder
			.fromUriString(
					"http://127.0.0.1:" + this.context.getEnvironment().getRequiredProperty("local.server.port") + path)
			.encode()
			.buildAndExpand(values)
			.toUri();
	}

	public HttpResponse<String> get(String path, Object... values) {
		return send(HttpRequest.newBuilder(address(path, values)).timeout(Duration.ofSeconds(30)).build());
	}

	public JsonNode json(String path, Object... values) {
		HttpResponse<String> response = get(path, values);
		if (response.statusCode() != 200) {
			throw new AssertionError(response.statusCode() + " " + response.body());
		}
		return this.mapper.readTree(response.body());
	}

	/**
	 * Post JSON as the page does.
	 * @param path the path
	 * @param body becomes JSON
	 * @return the response
	 */
	public HttpResponse<String> post(String path, Object body) {
		return send(HttpRequest.newBuilder(address(path))
			.timeout(Duration.ofSeconds(30))
			.header("Content-Type", "application/json")
			.header("Cookie", "XSRF-TOKEN=token")
			.header("X-XSRF-TOKEN", "token")
			.POST(HttpRequest.BodyPublishers.ofString(this.mapper.writeValueAsString(body), StandardCharsets.UTF_8))
			.build());
	}

	public JsonNode parse(String json) {
		return this.mapper.readTree(json);
	}

	private HttpResponse<String> send(HttpRequest request) {
		try {
			return this.client.send(request, HttpResponse.BodyHandlers.ofString());
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * An application that ends closes the event loops that all applications of a process
	 * share by default.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OwnThreads {

		@Bean
		ReactorResourceFactory reactorResourceFactory() {
			ReactorResourceFactory factory = new ReactorResourceFactory();
			factory.setUseGlobalResources(false);
			factory.setShutdownQuietPeriod(Duration.ZERO);
			return factory;
		}

	}

}
