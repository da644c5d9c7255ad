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

package cloud.requence.task.checkpoint;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import cloud.requence.task.CheckpointException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CheckpointFormat} and {@link DueAcknowledgements}.
 */
class CheckpointFormatTests {

	private final CheckpointFormat format = new CheckpointFormat();

	private static Checkpoint checkpoint(@Nullable Long position, List<String> acknowledgements) {
		return new Checkpoint(URI.create("https://example.com/api"), Instant.parse("2026-11-24T10:00:00Z"), position,
				acknowledgements, "1a2b3c4d", 17);
	}

	@Test
	void writesShortJson() {
		assertThat(this.format.write(checkpoint(42L, List.of("a")))).isEqualTo("""
				{"version":1,"baseUrl":"https://example.com/api","since":"2026-11-24T10:00:00Z","position":42,\
				"acknowledgements":["a"],"writer":"1a2b3c4d","revision":17}""");
	}

	@Test
	void readsWhatItHasWritten() {
		for (Checkpoint checkpoint : List.of(checkpoint(42L, List.of("a", "\"b\\\n")), checkpoint(null, List.of()),
				checkpoint(Long.MAX_VALUE, List.of()))) {
			assertThat(this.format.read(this.format.write(checkpoint), "memory")).isEqualTo(checkpoint);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "\ud800", "a\udfff", "\ud83d\ude00", "\u00fc" })
	void isNotChangedByAnyEncoding(String taskId) {
		Checkpoint checkpoint = checkpoint(42L, List.of(taskId));
		String written = this.format.write(checkpoint);
		String stored = new String(written.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
		assertThat(stored).isEqualTo(written);
		assertThat(this.format.read(stored, "memory")).isEqualTo(checkpoint);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "null", "{}", "{\"version\":0}", "{\"version\":\"1\"}", "{\"version\":1}",
			"{\"version\":1,\"baseUrl\":\"https://example.com\",\"since\":\"yesterday\",\"writer\":\"a\",\"revision\":1}",
			"{\"version\":1,\"baseUrl\":\"https://example.com\",\"since\":\"2026-11-24T10:00:00Z\",\"position\":\"7\","
					+ "\"writer\":\"a\",\"revision\":1}",
			"{\"version\":1,\"baseUrl\":\": :\",\"since\":\"2026-11-24T10:00:00Z\",\"writer\":\"a\",\"revision\":1}",
			"{\"version\":1,\"baseUrl\":\"https://example.com\",\"since\":\"2026-11-24T10:00:00Z\","
					+ "\"acknowledgements\":[7],\"writer\":\"a\",\"revision\":1}" })
	void refusesWhatItCannotRead(String text) {
		assertThatExceptionOfType(CheckpointException.class).isThrownBy(() -> this.format.read(text, "memory"))
			.withMessageStartingWith("The checkpoint in memory cannot be read")
			.satisfies((ex) -> assertThat(ex.remedy()).contains("remove it"));
	}

	@Test
	void refusesWhatANewerVersionHasWritten() {
		assertThatExceptionOfType(CheckpointException.class)
			.isThrownBy(() -> this.format.read("{\"version\":2}", "memory"))
			.withMessageContaining("newer version");
	}

	@Test
	void fitsIntoTheSmallestStore() {
		for (String suffix : List.of("", "\"".repeat(220), "ü".repeat(220), "x".repeat(220))) {
			DueAcknowledgements due = new DueAcknowledgements();
			IntStream.range(0, 1000).forEach((i) -> due.add(UUID.randomUUID() + suffix));
			assertThat(due.size()).isBetween(1, 64);
			assertThat(this.format.write(checkpoint(Long.MAX_VALUE, due.asList()))).hasSizeLessThan(4000);
		}
	}

	@Test
	void carriesEachAcknowledgementOnce() {
		DueAcknowledgements due = new DueAcknowledgements();
		assertThat(due.add("a")).isTrue();
		assertThat(due.add("a")).isTrue();
		assertThat(due.asList()).containsExactly("a");
		assertThat(due.remove("a")).isTrue();
		assertThat(due.remove("a")).isFalse();
		assertThat(due.size()).isZero();
	}

}
