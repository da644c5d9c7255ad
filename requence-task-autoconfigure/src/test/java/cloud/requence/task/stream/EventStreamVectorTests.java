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

package cloud.requence.task.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the decoder against known cases of the event stream format, each in many
 * chunkings.
 */
class EventStreamVectorTests {

	private static final int[] CHUNK_SIZES = { 1, 2, 3, 7 };

	@TestFactory
	Stream<DynamicTest> everyCaseWholeAndInPieces() throws IOException {
		List<DynamicTest> tests = new ArrayList<>();
		for (JsonNode vector : vectors()) {
			tests.add(test(vector, "whole", Chunks::whole));
			for (int size : CHUNK_SIZES) {
				tests
					.add(test(vector, "in pieces of " + size, (decoder, bytes) -> Chunks.ofSize(decoder, bytes, size)));
			}
			for (JsonNode split : vector.path("splits")) {
				List<Integer> cuts = split.valueStream().map(JsonNode::asInt).toList();
				tests.add(test(vector, "cut at " + cuts, (decoder, bytes) -> Chunks.cutAt(decoder, bytes, cuts)));
			}
		}
		assertThat(tests).hasSizeGreaterThan(400);
		return tests.stream();
	}

	private static JsonNode vectors() throws IOException {
		try (InputStream resource = EventStreamVectorTests.class.getResourceAsStream("event-stream.json")) {
			JsonNode vectors = JsonMapper.shared().readTree(resource);
			assertThat(vectors).hasSize(84);
			return vectors;
		}
	}

	private static DynamicTest test(JsonNode vector, String chunking, BiConsumer<SseFrameDecoder, byte[]> feed) {
		return DynamicTest.dynamicTest(vector.path("name").asString() + ", " + chunking, () -> check(vector, feed));
	}

	private static void check(JsonNode vector, BiConsumer<SseFrameDecoder, byte[]> feed) {
		RecordingConsumer found = new RecordingConsumer();
		// Otherwise the answer is not read as a stream at all
		if (!vector.path("outcome").asString("").startsWith("no-events")) {
			feed(vector, "input_base64", found, feed);
			feed(vector, "second_connection_base64", found, feed);
		}
		List<Event> events = found.frames.stream()
			.map((frame) -> new Event(lastEventId(vector, frame), frame.type(), frame.data()))
			.toList();
		List<List<Event>> accepted = new ArrayList<>();
		accepted.add(events(vector.path("expected")));
		vector.path("alternatives").forEach((alternative) -> accepted.add(events(alternative)));
		assertThat(events).isIn(accepted);
		if (vector.has("retry")) {
			List<Long> retries = vector.path("retry").valueStream().map(JsonNode::asLong).toList();
			assertThat(found.retries).isEqualTo(retries);
		}
		assertThat(found.oversized).isEmpty();
	}

	private static void feed(JsonNode vector, String member, RecordingConsumer found,
			BiConsumer<SseFrameDecoder, byte[]> feed) {
		if (vector.has(member)) {
			byte[] bytes = Base64.getDecoder().decode(vector.path(member).asString());
			SseFrameDecoder decoder = new SseFrameDecoder(Integer.MAX_VALUE, found);
			feed.accept(decoder, bytes);
			if (vector.has("final_last_event_id") && !vector.has("initial_last_event_id")) {
				assertThat(decoder.lastEventId()).isEqualTo(vector.path("final_last_event_id").asString());
			}
		}
	}

	// The identifier that an earlier connection left is above the decoder
	private static String lastEventId(JsonNode vector, RecordingConsumer.Recorded frame) {
		return frame.lastEventId().isEmpty() ? vector.path("initial_last_event_id").asString("") : frame.lastEventId();
	}

	private static List<Event> events(JsonNode events) {
		return events.valueStream()
			.map((event) -> new Event(event.path("id").asString(), event.path("event").asString(),
					event.path("data").asString()))
			.toList();
	}

	record Event(String id, String type, String data) {

	}

}
