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

package cloud.requence.task;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import cloud.requence.task.TaskReference.Kind;
import cloud.requence.task.TaskReferenceException.Reason;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TaskPayload#references()}.
 */
class TaskReferencesTests {

	private static final String FILE = """
			{"__REQUENCE_type":"RequenceFile","url":"https://a.example/f/scan.png","mime":"image/png","size":7}""";

	private static final String STREAM = """
			{"url":"https://a.example/s","mime":"text/csv","__REQUENCE_type":"RequenceStream"}""";

	private static final String CALLBACK = """
			{"__REQUENCE_type":"RequenceCallback","lifetime":"durable","name":"approve","nodeId":"n1","bound":true}""";

	private static final String LARGE_VALUE = """
			{"__REQUENCE_type":"ClaimCheck","url":"https://a.example/c","size":5000000}""";

	private static TaskReferences in(String json) {
		return TaskPayload.of(json).references();
	}

	@Test
	void namesPlaceAndKind() {
		TaskReferences references = in(
				"{\"a\":[1,%s,{\"b\":%s}],\"f\":%s,\"large\":%s}".formatted(FILE, STREAM, CALLBACK, LARGE_VALUE));
		assertThat(references.complete()).isTrue();
		assertThat(references).extracting(TaskReference::path).containsExactly("/a/1", "/a/2/b", "/f", "/large");
		assertThat(references).extracting(TaskReference::kind)
			.containsExactly(Kind.FILE, Kind.STREAM, Kind.CALLBACK, Kind.LARGE_VALUE);
		assertThat(references).extracting(TaskReference::name).containsExactly("scan.png", null, "approve", null);
		assertThat(references).extracting(TaskReference::mimeType).containsExactly("image/png", "text/csv", null, null);
		assertThat(references).extracting(TaskReference::size).containsExactly(7L, null, null, 5_000_000L);
		assertThat(references.files()).hasSize(1);
		assertThat(references.streams()).hasSize(1);
		assertThat(references.callbacks())
			.containsExactly(new TaskCallback("durable", null, null, "approve", "n1", true, null, null));
	}

	@Test
	void theWholePayloadMayBeOne() {
		assertThat(in(FILE)).singleElement().extracting(TaskReference::path).isEqualTo("");
	}

	@Test
	void thePathLeadsBackToTheReference() {
		String json = "{\"a/b~c\":{\"\":[[%s]]},\"\u00e4\ud83d\ude00\":%s}".formatted(FILE, STREAM);
		JsonNode tree = TaskPayload.of(json).tree();
		assertThat(in(json)).extracting(TaskReference::path).containsExactly("/a~1b~0c//0/0", "/\u00e4\ud83d\ude00");
		assertThat(in(json)).extracting((reference) -> tree.at(reference.path()).path("__REQUENCE_type").asString())
			.containsExactly("RequenceFile", "RequenceStream");
	}

	@Test
	void whatIsInAReferenceBelongsToIt() {
		String outer = FILE.replace("{", "{\"more\":[%s],".formatted(STREAM));
		assertThat(in("{\"a\":%s,\"b\":%s}".formatted(outer, STREAM))).extracting(TaskReference::path)
			.containsExactly("/a", "/b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"__REQUENCE_type\":\"RequenceFile\"}", "\"__REQUENCE_type\"", "[\"__REQUENCE_type\"]",
			"{\"__REQUENCE_type\":\"Other\",\"url\":\"https://a.example\",\"mime\":\"a/b\",\"size\":1}",
			"{\"__REQUENCE_type\":\"RequenceFile\",\"url\":\"https://a.example\",\"mime\":\"a/b\",\"size\":-1}",
			"{\"__REQUENCE_type\":\"RequenceFile\",\"url\":\"https://a.example\",\"mime\":\"a/b\",\"size\":1.5}",
			"{\"__REQUENCE_type\":\"RequenceFile\",\"url\":\"https://a.example\",\"mime\":\"a/b\",\"size\":99999999999999999999}",
			"{\"__REQUENCE_type\":\"RequenceFile\",\"url\":\"not absolute\",\"mime\":\"a/b\",\"size\":1}",
			"{\"__REQUENCE_type\":\"RequenceFile\",\"url\":\"mailto:a@b\",\"mime\":\"a/b\",\"size\":1}",
			"{\"__REQUENCE_type\":\"RequenceStream\",\"url\":\"https://a.example\",\"mime\":\" \"}",
			"{\"__REQUENCE_type\":\"RequenceStream\",\"url\":7,\"mime\":\"a/b\"}",
			"{\"__REQUENCE_type\":\"RequenceCallback\"}", "{\"__REQUENCE_type\":\"ClaimCheck\",\"size\":1}",
			"{\"__REQUENCE_type\":\"RequenceCallback\",\"lifetime\":\"durable\",\"lifetime\":null}",
			"{\"__REQUENCE_type\":[\"RequenceCallback\"],\"lifetime\":\"durable\"}" })
	void whatOnlyLooksLikeAReferenceIsData(String json) {
		assertThat(in(json).isEmpty()).isTrue();
		assertThat(in("{\"in\":[" + json + "," + FILE + "]}")).extracting(TaskReference::path).containsExactly("/in/1");
	}

	@Test
	void aPayloadThatWasNotReceivedCannotFetch() {
		assertThatExceptionOfType(TaskReferenceException.class)
			.isThrownBy(() -> in(FILE).files().get(0).getInputStream())
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.NOT_ALLOWED))
			.withMessageContaining("not received from the platform")
			.withMessageNotContaining("a.example");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"__REQUENCE_type\":", "{\"__REQUENCE_type\":secret}", "[\"__REQUENCE_type\"" })
	void whatIsNotJsonIsAnError(String json) {
		assertThatExceptionOfType(TaskPayloadException.class).isThrownBy(() -> in(json))
			.withMessageNotContaining("secret")
			.withNoCause();
	}

	@Test
	void theListIsBounded() {
		TaskReferences references = in(
				IntStream.range(0, 10_001).mapToObj((i) -> STREAM).collect(Collectors.joining(",", "[", "]")));
		assertThat(references.all()).hasSize(10_000);
		assertThat(references.complete()).isFalse();
	}

	@Test
	void longNamesDoNotMultiply() {
		String many = IntStream.range(0, 5000).mapToObj((i) -> STREAM).collect(Collectors.joining(",", "[", "]"));
		TaskReferences references = in("{\"%s\":%s,\"b\":%s}".formatted("n".repeat(1_000_000), many, FILE));
		assertThat(references).extracting(TaskReference::path).containsExactly("/b");
		assertThat(references.complete()).isFalse();
	}

	@Test
	void manyLevelsThatAreNoReferencesAreSearchedOnce() {
		String level = "{\"__REQUENCE_type\":\"RequenceFile\",\"url\":\"%s\",\"x\":".formatted("u".repeat(20_000));
		String json = level.repeat(400) + FILE + "}".repeat(400);
		assertThat(in(json)).extracting(TaskReference::path).containsExactly("/x".repeat(400));
	}

	@Test
	void namesWithEqualHashesAreSearched() {
		String names = IntStream.range(0, 1 << 14)
			.mapToObj((i) -> "\"" + IntStream.range(0, 14)
				.mapToObj((bit) -> ((i >> bit & 1) == 0) ? "Aa" : "BB")
				.collect(Collectors.joining()) + "\":0")
			.collect(Collectors.joining(","));
		assertThat(in("{%s,\"file\":%s}".formatted(names, FILE))).extracting(TaskReference::path)
			.containsExactly("/file");
	}

	@Test
	void showsNoData() {
		assertThat(in(FILE).toString()).doesNotContain("a.example", "scan").contains("FILE, 7 bytes");
	}

	@Test
	void cannotBeChanged() {
		List<TaskReference> all = in(FILE).all();
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> all.remove(0));
		assertThat(in(FILE)).isEqualTo(in(FILE)).hasSameHashCodeAs(in(FILE));
	}

}
