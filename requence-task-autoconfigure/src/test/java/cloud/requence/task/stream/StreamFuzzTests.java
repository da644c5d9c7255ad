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

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.StringUtils;

import cloud.requence.task.Mutations;
import cloud.requence.task.Mutations.Input;
import cloud.requence.task.PayloadReader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fuzzes {@link SseFrameDecoder} and {@link UpdateDecoder} beside plain implementations
 * of the same formats: a reader of whole lines, and a tree of Jackson's.
 */
class StreamFuzzTests {

	private static final int MAX_ID_LENGTH = 256;

	private static final JsonMapper TREES = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder()
				.maxNestingDepth(1000)
				.maxNumberLength(Integer.MAX_VALUE)
				.maxStringLength(Integer.MAX_VALUE)
				.maxNameLength(Integer.MAX_VALUE)
				.build())
			.build())
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private final UpdateDecoder decoder = new UpdateDecoder(PayloadReader.standard());

	@Property
	void framesAreThoseOfAReaderOfWholeLines(@ForAll("streams") Input input, @ForAll("cuts") Set<Integer> cuts) {
		RecordingConsumer found = new RecordingConsumer();
		Chunks.cutAt(new SseFrameDecoder(1_000_000, found), input.bytes(), cuts);
		assertThat(found.frames.stream().map((frame) -> new Event(frame.lastEventId(), frame.type(), frame.data())))
			.isEqualTo(PlainReader.read(input.text()));
	}

	@Property
	void updatesAreThoseOfATree(@ForAll("streams") Input input) {
		new SseFrameDecoder(1_000_000, new FrameChecker()).decode(ByteBuffer.wrap(input.bytes()));
	}

	@Provide
	Arbitrary<Input> streams() {
		return Mutations.of(List.of(Mutations.resource(UpdateDecoder.class, "fuzz/platforms.txt"),
				Mutations.resource(UpdateDecoder.class, "fuzz/bytes.txt"),
				Mutations.resource(UpdateDecoder.class, "../context/every-update-type.txt")), 3);
	}

	@Provide
	Arbitrary<Set<Integer>> cuts() {
		return Arbitraries.integers().between(1, 6000).set().ofMaxSize(20);
	}

	private void check(SseFrame frame) {
		JsonNode tree = tree(frame.data());
		String taskId = (tree != null) ? taskId(tree) : null;
		RawUpdate update;
		try {
			update = this.decoder.decode(frame);
		}
		catch (UpdateDecodingException ex) {
			assertThat(taskId).as("refused as %s: %s", ex.problem(), frame.data()).isNull();
			return;
		}
		assertThat(tree).as(frame.data()).isNotNull();
		assertThat(update.taskId()).isEqualTo(taskId);
		assertThat(update.position()).isEqualTo(frame.position());
		if (update.payload() != null && !update.type().wireName().isEmpty()) {
			assertThat(update.payload().tree()).isEqualTo(payload(update, tree));
		}
		update.additional().forEach((name, value) -> {
			// Of a member that comes twice, the value that could not be read is kept as
			// well
			if (StringUtils.countOccurrencesOf(frame.data(), '"' + name + '"') == 1) {
				assertThat(value.tree()).isEqualTo(tree.get(name));
			}
		});
	}

	private static @Nullable JsonNode payload(RawUpdate update, JsonNode tree) {
		return switch (update.type()) {
			case TASK_START -> tree.get("input");
			case NODE_UPDATE -> tree.get("data");
			case TASK_END -> tree.get("result");
			default -> tree;
		};
	}

	private static @Nullable JsonNode tree(String data) {
		try {
			JsonNode tree = TREES.readTree(data);
			return tree.isObject() ? tree : null;
		}
		catch (JacksonException ex) {
			return null;
		}
	}

	private static @Nullable String taskId(JsonNode tree) {
		String id = id(tree.get("taskId"));
		return (id != null) ? id : id(tree.get("task_id"));
	}

	private static @Nullable String id(@Nullable JsonNode value) {
		if (value == null || !(value.isString() || value.isIntegralNumber())) {
			return null;
		}
		String text = value.isString() ? value.stringValue() : value.bigIntegerValue().toString();
		return (!text.isEmpty() && text.length() <= MAX_ID_LENGTH) ? text : null;
	}

	private final class FrameChecker implements SseFrameConsumer {

		@Override
		public void onFrame(SseFrame frame) {
			check(frame);
		}

		@Override
		public void onRetry(long millis) {
			assertThat(millis).isNotNegative();
		}

		@Override
		public void onOversized(@Nullable Long position, long size) {
			throw new AssertionError("Nothing here is too large");
		}

	}

	private record Event(String lastEventId, String type, String data) {

	}

	/**
	 * The event stream format as the HTML standard words it, on a text that is complete.
	 */
	private static final class PlainReader {

		private final List<Event> events = new ArrayList<>();

		private final StringBuilder data = new StringBuilder();

		private String type = "";

		private String lastEventId = "";

		static List<Event> read(String stream) {
			String text = stream.startsWith("\ufeff") ? stream.substring(1) : stream;
			String[] lines = text.split("\r\n|\n|\r", -1);
			PlainReader reader = new PlainReader();
			// What follows the last line end is no line
			for (int i = 0; i < lines.length - 1; i++) {
				reader.line(lines[i]);
			}
			return reader.events;
		}

		private void line(String line) {
			if (line.isEmpty()) {
				dispatch();
				return;
			}
			int colon = line.indexOf(':');
			String field = (colon >= 0) ? line.substring(0, colon) : line;
			String value = (colon >= 0) ? line.substring(colon + 1) : "";
			value = value.startsWith(" ") ? value.substring(1) : value;
			switch (field) {
				case "event" -> this.type = value;
				case "data" -> this.data.append(value).append('\n');
				case "id" -> this.lastEventId = (value.indexOf('\0') < 0) ? value : this.lastEventId;
				default -> {
				}
			}
		}

		private void dispatch() {
			if (!this.data.isEmpty()) {
				this.events.add(new Event(this.lastEventId, this.type.isEmpty() ? "message" : this.type,
						this.data.substring(0, this.data.length() - 1)));
			}
			this.data.setLength(0);
			this.type = "";
		}

	}

}
