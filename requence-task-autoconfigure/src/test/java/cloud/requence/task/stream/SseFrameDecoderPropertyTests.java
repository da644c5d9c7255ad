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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds for every stream, however it is chunked.
 */
class SseFrameDecoderPropertyTests {

	@Property(tries = 2000)
	void framesDoNotDependOnTheChunks(@ForAll("streams") byte[] stream, @ForAll("cuts") Set<Integer> cuts,
			@ForAll @IntRange(min = 1, max = 200) int maxEventSize) {
		RecordingConsumer whole = new RecordingConsumer();
		Chunks.whole(new SseFrameDecoder(maxEventSize, whole), stream);
		RecordingConsumer cut = new RecordingConsumer();
		Chunks.cutAt(new SseFrameDecoder(maxEventSize, cut), stream, cuts);
		RecordingConsumer bytewise = new RecordingConsumer();
		Chunks.ofSize(new SseFrameDecoder(maxEventSize, bytewise), stream, 1);
		assertThat(cut).usingRecursiveComparison().isEqualTo(whole);
		assertThat(bytewise).usingRecursiveComparison().isEqualTo(whole);
	}

	@Property
	void whatWasWrittenIsRead(@ForAll("texts") List<String> texts, @ForAll("lineEnds") String lineEnd,
			@ForAll("cuts") Set<Integer> cuts) {
		StringBuilder stream = new StringBuilder();
		for (String text : texts) {
			for (String line : text.split("\n", -1)) {
				stream.append("data: ").append(line).append(lineEnd);
			}
			stream.append(lineEnd);
		}
		RecordingConsumer found = new RecordingConsumer();
		Chunks.cutAt(new SseFrameDecoder(1_000_000, found), stream.toString().getBytes(StandardCharsets.UTF_8), cuts);
		assertThat(found.frames).extracting(RecordingConsumer.Recorded::data).isEqualTo(texts);
	}

	@Provide
	Arbitrary<byte[]> streams() {
		Arbitrary<String> pieces = Arbitraries
			.frequencyOf(
					Tuple.of(6,
							Arbitraries.of("data", "event", "id", "retry", "dat", "idx", "data:", "data: ", "event: ",
									"id: ", "retry: ", ": ", ":")),
					Tuple.of(6, Arbitraries.of("\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "\r\r")),
					Tuple.of(4,
							Arbitraries.of("1", "42", "nodeEnd", "x", "{}", " ", "\0", "\ufeff", "é", "\ud83d\ude00",
									"y".repeat(70), "z".repeat(150))),
					Tuple.of(1, Arbitraries.strings().ofMaxLength(5)));
		return pieces.list().ofMaxSize(60).map((list) -> String.join("", list).getBytes(StandardCharsets.UTF_8));
	}

	@Provide
	Arbitrary<List<String>> texts() {
		return Arbitraries.strings()
			.excludeChars('\r')
			.withCharRange(' ', '\uD7FF')
			.withChars('\n')
			.ofMaxLength(100)
			.list()
			.ofMaxSize(10);
	}

	@Provide
	Arbitrary<String> lineEnds() {
		return Arbitraries.of("\n", "\r", "\r\n");
	}

	@Provide
	Arbitrary<Set<Integer>> cuts() {
		return Arbitraries.integers().between(1, 400).set().ofMaxSize(20);
	}

}
