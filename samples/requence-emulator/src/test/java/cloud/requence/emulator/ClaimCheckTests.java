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

package cloud.requence.emulator;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Values of scripts that are too large for a message.
 */
class ClaimCheckTests {

	private static final Map<String, String> SMALL = Map.of("text", "x".repeat(300));

	private static final Map<String, String> LARGE = Map.of("text", "x".repeat(600));

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final RequenceEmulator emulator = RequenceEmulator.builder().claimCheckAbove(500).build().start();

	private final FileClient client = new FileClient(this.emulator);

	@AfterEach
	void close() {
		this.emulator.close();
	}

	@Test
	void becomeClaimChecksWherePlatformsDoIt() throws Exception {
		TaskScript task = this.emulator.task("invoice").input(LARGE).start().nodeUpdate("a", LARGE).end(LARGE);
		JsonNode fetched = fetch(task);
		for (String value : List.of("/input", "/nodesData/0/data", "/result")) {
			JsonNode reference = fetched.at(value);
			assertThat(reference.path("__REQUENCE_type").asString()).isEqualTo("ClaimCheck");
			HttpResponse<byte[]> content = this.client.get(reference.path("url").asString());
			assertThat(this.mapper.readTree(content.body())).isEqualTo(this.mapper.valueToTree(LARGE));
			assertThat(content.body()).hasSize(reference.path("size").asInt());
		}
	}

	@Test
	void stayWhatTheyAreWhenTheyAreSmall() throws Exception {
		TaskScript task = this.emulator.task("invoice").input(SMALL).start().nodeUpdate("a", null).end(SMALL);
		JsonNode fetched = fetch(task);
		assertThat(fetched.path("input")).isEqualTo(this.mapper.valueToTree(SMALL));
		assertThat(fetched.path("result")).isEqualTo(this.mapper.valueToTree(SMALL));
		assertThat(fetched.at("/nodesData/0/data").isNull()).isTrue();
	}

	@Test
	void doNotWrapReferences() throws Exception {
		Map<String, Object> reference = Map.of("__REQUENCE_type", "ClaimCheck", "url", "x".repeat(600));
		TaskScript task = this.emulator.task("invoice").input(reference).start();
		assertThat(fetch(task).path("input")).isEqualTo(this.mapper.valueToTree(reference));
	}

	@Test
	void areLeftAloneInUpdatesThatArePublishedAsGiven() throws Exception {
		this.emulator.publish("taskStart", Map.of("taskId", "a", "input", LARGE));
		assertThat(fetch("a").path("input")).isEqualTo(this.mapper.valueToTree(LARGE));
	}

	private JsonNode fetch(TaskScript task) throws Exception {
		return fetch(task.taskId());
	}

	private JsonNode fetch(String taskId) throws Exception {
		String url = this.emulator.baseUrl() + "/task/" + taskId;
		return this.mapper.readTree(this.client.open(url, "Authorization", "Bearer emulator-secret").body());
	}

}
