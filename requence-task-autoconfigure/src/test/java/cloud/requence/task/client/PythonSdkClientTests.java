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

package cloud.requence.task.client;

import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

import cloud.requence.emulator.EmulatedFile;
import cloud.requence.emulator.EmulatedFiles;
import cloud.requence.emulator.EmulatedStream;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.emulator.sdk.PythonSdk;
import cloud.requence.task.TaskFile;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskStream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same values through the official Python SDK and through ours, on one platform.
 */
class PythonSdkClientTests {

	private static final byte[] FILE = random(40_000);

	private static final byte[] ROWS = random(20_000);

	private static final String TEXT = "x".repeat(5000);

	private final RequenceEmulator emulator = RequenceEmulator.builder().maxPayloadSize(2000).build().start();

	private final TaskClient client = TaskClient.builder().accessToken(this.emulator.accessToken()).build();

	private PythonSdk sdk;

	@BeforeEach
	void install() throws Exception {
		this.sdk = PythonSdk.install();
		this.emulator.onTask("copy", (task, input) -> task.end(input));
	}

	@AfterEach
	void close() {
		this.emulator.close();
	}

	@Test
	void theSdkReadsWhatWeSend() throws Exception {
		TaskHandle task = this.client.create("copy",
				Map.of("values",
						List.of(TaskUpload.of(new ByteArrayResource(FILE), MimeTypeUtils.IMAGE_PNG),
								TaskUpload.of(new ByteArrayInputStream(ROWS), MimeTypeUtils.TEXT_PLAIN)),
						"text", TEXT));
		task.awaitStreams();
		JsonNode context = this.sdk.run(this.emulator.accessToken(), "get", task.id()).get(0).path("context");
		for (String path : List.of("/input", "/result")) {
			JsonNode input = context.at(path);
			assertThat(input.path("text").stringValue()).isEqualTo(TEXT);
			assertThat(input.at("/values/0/file").stringValue()).isEqualTo("image/png");
			assertThat(decode(input.at("/values/0/base64"))).isEqualTo(FILE);
			assertThat(input.at("/values/1/stream").stringValue()).isEqualTo("text/plain");
			assertThat(decode(input.at("/values/1/base64"))).isEqualTo(ROWS);
			assertThat(input.at("/values/1/truncated").isNull()).isTrue();
		}
	}

	@Test
	void weReadWhatTheSdkSends() throws Exception {
		String input = """
				{"values":[{"$file":"%s","mime":"image/png"},{"$stream":["%s","%s"],"mime":"text/plain"}],
				"text":{"$repeat":5000}}""".formatted(encode(FILE), encode(ROWS), encode(ROWS));
		List<JsonNode> said = this.sdk.run(this.emulator.accessToken(), "create", "copy", input, "false");
		TaskDetails details = this.client.get(said.get(0).path("taskId").stringValue());
		for (Values values : List.of(details.context().input().as(Values.class),
				details.context().result().as(Values.class))) {
			assertThat(values.text()).isEqualTo(TEXT);
			assertThat(values.values().get(0).as(TaskFile.class).getContentAsByteArray()).isEqualTo(FILE);
			try (TaskStream stream = values.values().get(1).as(TaskStream.class)) {
				assertThat(stream.mimeType()).isEqualTo("text/plain");
				assertThat(stream.readNBytes(ROWS.length)).isEqualTo(ROWS);
				assertThat(stream.readAllBytes()).isEqualTo(ROWS);
			}
		}
	}

	@Test
	void bothReadReferencesInReferences() throws Exception {
		EmulatedFiles files = this.emulator.files();
		EmulatedFile file = files.store(FILE, "image/png");
		EmulatedStream rows = files.stream("text/csv").write(ROWS).end();
		TaskScript task = this.emulator.task("nested")
			.input(files
				.claimCheck(Map.of("deep", files.claimCheck(List.of(file, files.claimCheck(Map.of("rows", rows)))))))
			.start();
		JsonNode read = this.sdk.run(this.emulator.accessToken(), "get", task.taskId()).get(0).at("/context/input");
		assertThat(decode(read.at("/deep/0/base64"))).isEqualTo(FILE);
		assertThat(decode(read.at("/deep/1/rows/base64"))).isEqualTo(ROWS);
		JsonNode tree = this.client.get(task.taskId()).context().input().tree();
		assertThat(tree.at("/deep/0/mime").stringValue()).isEqualTo("image/png");
		Nested nested = this.client.get(task.taskId()).context().input().as(Nested.class);
		assertThat(nested.deep().get(0).as(TaskFile.class).getContentAsByteArray()).isEqualTo(FILE);
		assertThat(nested.deep().get(1).as(Rows.class).rows().readAllBytes()).isEqualTo(ROWS);
	}

	private static byte[] random(int size) {
		byte[] bytes = new byte[size];
		new Random(size).nextBytes(bytes);
		return bytes;
	}

	private static String encode(byte[] bytes) {
		return Base64.getEncoder().encodeToString(bytes);
	}

	private static byte[] decode(JsonNode base64) {
		return Base64.getDecoder().decode(base64.stringValue());
	}

	record Values(List<TaskPayload> values, String text) {

	}

	record Nested(List<TaskPayload> deep) {

	}

	record Rows(TaskStream rows) {

	}

}
