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

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SseFrameDecoder} beyond the cases of the standard.
 */
class SseFrameDecoderTests {

	private static final int MEGABYTE = 1024 * 1024;

	private final RecordingConsumer found = new RecordingConsumer();

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private RecordingConsumer.Recorded onlyFrame() {
		assertThat(this.found.frames).hasSize(1);
		return this.found.frames.get(0);
	}

	@Test
	void theMaximumSizeMayChangeBetweenEvents() {
		SseFrameDecoder decoder = new SseFrameDecoder(20, this.found);
		String event = "data: " + "x".repeat(50_000) + "\n\n";
		decoder.decode(ByteBuffer.wrap(utf8(event)));
		decoder.maxEventSize(MEGABYTE);
		decoder.decode(ByteBuffer.wrap(utf8(event)));
		assertThat(this.found.oversized).hasSize(1);
		assertThat(onlyFrame().data()).hasSize(50_000);
	}

	@Nested
	class Positions {

		private final SseFrameDecoder decoder = new SseFrameDecoder(MEGABYTE, SseFrameDecoderTests.this.found);

		@ParameterizedTest
		@CsvSource(delimiter = '|', textBlock = """
				0                   | 0
				42                  | 42
				007                 | 7
				9007199254740992    | 9007199254740992
				""")
		void areTheDecimalDigitsOfTheId(String id, long position) {
			this.decoder.decode(ByteBuffer.wrap(utf8("id: " + id + "\ndata: x\n\n")));
			assertThat(onlyFrame().position()).isEqualTo(position);
		}

		@ParameterizedTest
		@ValueSource(strings = { "", "42 ", " 42", "+42", "-1", "٤٢", "1e3", "1.0", "0x1", "1_000", "nine",
				"9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551616",
				"00000000000000000001" })
		void areNoneIfTheIdIsAnythingElse(String id) {
			this.decoder.decode(ByteBuffer.wrap(utf8("id: " + id + "\ndata: x\n\n")));
			assertThat(onlyFrame().position()).isNull();
		}

		@Test
		void areNoneIfTheIdHasAMillionDigits() {
			this.decoder.decode(ByteBuffer.wrap(utf8("id: " + "9".repeat(1_000_000) + "\ndata: x\n\n")));
			assertThat(onlyFrame().position()).isNull();
		}

		@Test
		void belongToTheirOwnEventOnly() {
			this.decoder.decode(ByteBuffer.wrap(utf8("id: 1\ndata: x\n\ndata: y\n\nid: 3\n\ndata: z\n\n")));
			assertThat(this.found().frames).extracting(RecordingConsumer.Recorded::position)
				.containsExactly(1L, null, null);
			assertThat(this.found().frames).extracting(RecordingConsumer.Recorded::lastEventId)
				.containsExactly("1", "1", "3");
		}

		@Test
		void areThoseOfTheLastIdLine() {
			this.decoder.decode(ByteBuffer.wrap(utf8("id: 1\nid: 2\ndata: x\n\nid: 3\nid: no\ndata: y\n\n")));
			assertThat(this.found().frames).extracting(RecordingConsumer.Recorded::position).containsExactly(2L, null);
		}

		@Test
		void areNotTouchedByAnIdWithNul() {
			this.decoder.decode(ByteBuffer.wrap(utf8("id: 1\nid: 2\0\ndata: x\n\n")));
			assertThat(onlyFrame().position()).isEqualTo(1);
		}

		private RecordingConsumer found() {
			return SseFrameDecoderTests.this.found;
		}

	}

	@Nested
	class ReconnectionTimes {

		@Test
		void areReportedAtOnce() {
			new SseFrameDecoder(MEGABYTE, SseFrameDecoderTests.this.found)
				.decode(ByteBuffer.wrap(utf8("retry: 250\n")));
			assertThat(SseFrameDecoderTests.this.found.retries).containsExactly(250L);
		}

		@ParameterizedTest
		@CsvSource({ "9223372036854775806, 9223372036854775806", "9223372036854775807, 9223372036854775807",
				"9223372036854775808, 9223372036854775807", "99999999999999999999999, 9223372036854775807" })
		void areSaturated(String retry, long millis) {
			new SseFrameDecoder(MEGABYTE, SseFrameDecoderTests.this.found)
				.decode(ByteBuffer.wrap(utf8("retry: " + retry + "\n")));
			assertThat(SseFrameDecoderTests.this.found.retries).containsExactly(millis);
		}

		@Test
		void areIgnoredIfTheyAreEndless() {
			SseFrameDecoder decoder = new SseFrameDecoder(MEGABYTE, SseFrameDecoderTests.this.found);
			Chunks.ofSize(decoder, utf8("retry: " + "9".repeat(3 * MEGABYTE) + "\ndata: x\n\n"), 10_000);
			assertThat(SseFrameDecoderTests.this.found.retries).isEmpty();
			assertThat(onlyFrame().data()).isEqualTo("x");
		}

	}

	@Nested
	class Buffers {

		private final SseFrameDecoder decoder = new SseFrameDecoder(MEGABYTE, SseFrameDecoderTests.this.found);

		@Test
		void mayBeDirect() {
			byte[] bytes = utf8("data: x\n\n");
			this.decoder.decode(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
			assertThat(onlyFrame().data()).isEqualTo("x");
		}

		@Test
		void areConsumedAndReadBetweenPositionAndLimit() {
			ByteBuffer bytes = ByteBuffer.wrap(utf8("####data: x\n\n####")).position(4).limit(13);
			this.decoder.decode(bytes);
			assertThat(onlyFrame().data()).isEqualTo("x");
			assertThat(bytes.hasRemaining()).isFalse();
		}

		@Test
		void mayBeEmpty() {
			this.decoder.decode(ByteBuffer.allocate(0));
			assertThat(SseFrameDecoderTests.this.found.frames).isEmpty();
		}

		@Test
		void mayHoldOneHugeEventOrManySmallOnes() {
			String huge = "x".repeat(MEGABYTE - 100);
			this.decoder.decode(ByteBuffer.wrap(utf8("data: " + huge + "\n\n" + "data: y\n\n".repeat(100_000))));
			assertThat(SseFrameDecoderTests.this.found.frames).hasSize(100_001);
			assertThat(SseFrameDecoderTests.this.found.frames.get(0).data()).isEqualTo(huge);
			assertThat(SseFrameDecoderTests.this.found.frames).last()
				.extracting(RecordingConsumer.Recorded::data)
				.isEqualTo("y");
		}

	}

	@Nested
	class Frames {

		private final SseFrameDecoder decoder = new SseFrameDecoder(MEGABYTE, SseFrameDecoderTests.this.found);

		@Test
		void countTheirFieldsAsSize() {
			this.decoder.decode(ByteBuffer.wrap(utf8(": comment\nid: 1\nevent: nodeEnd\nignored: x\ndata: x\n\n")));
			assertThat(onlyFrame().size()).isEqualTo("id: 1".length() + "event: nodeEnd".length() + "data: x".length());
		}

		@Test
		void haveWellKnownTypesWithoutMakingThemAnew() {
			this.decoder.decode(ByteBuffer.wrap(utf8("event: nodeUpdate\ndata: x\n\n")));
			assertThat(onlyFrame().type()).isSameAs("nodeUpdate");
		}

		@Test
		void tellNothingOfTheirContentInText() {
			StringBuilder text = new StringBuilder();
			new SseFrameDecoder(MEGABYTE, new RecordingConsumer() {
				@Override
				public void onFrame(SseFrame frame) {
					text.append(frame);
				}
			}).decode(ByteBuffer.wrap(utf8("event: secret\ndata: secret\n\n")));
			assertThat(text).hasToString("SseFrame[6 bytes]");
		}

	}

	@Nested
	class EventsThatExceedTheMaximum {

		private static final int MAX = 1000;

		private final SseFrameDecoder decoder = new SseFrameDecoder(MAX, SseFrameDecoderTests.this.found);

		@ParameterizedTest
		@ValueSource(ints = { 1, 7, 999, 1_000_000 })
		void areSkippedAndReportedWithTheirPosition(int chunk) {
			String line = "data: " + "x".repeat(100_000);
			Chunks.ofSize(this.decoder, utf8("id: 7\n" + line + "\n\ndata: next\n\n"), chunk);
			assertThat(onlyFrame().data()).isEqualTo("next");
			assertThat(found().oversized)
				.containsExactly(new RecordingConsumer.Oversized(7L, "id: 7".length() + line.length()));
		}

		@ParameterizedTest
		@ValueSource(ints = { 1, 7, 999, 1_000_000 })
		void mayHaveTheirPositionBehindTheData(int chunk) {
			Chunks.ofSize(this.decoder, utf8("data: " + "x".repeat(5000) + "\nid: 8\n\n"), chunk);
			assertThat(found().oversized).extracting(RecordingConsumer.Oversized::position).containsExactly(8L);
		}

		@ParameterizedTest
		@ValueSource(ints = { 1, 7, 999, 1_000_000 })
		void mayBeMadeOfManySmallLines(int chunk) {
			Chunks.ofSize(this.decoder, utf8("data\n".repeat(5000) + "\ndata: next\n\n"), chunk);
			assertThat(found().oversized).containsExactly(new RecordingConsumer.Oversized(null, 20_000));
			assertThat(onlyFrame().data()).isEqualTo("next");
		}

		@ParameterizedTest
		@ValueSource(strings = { "event", "id" })
		void mayBeSoByAnyField(String field) {
			String line = field + ": " + "9".repeat(5000);
			Chunks.ofSize(this.decoder, utf8(line + "\ndata: x\n\n"), 100);
			assertThat(found().oversized)
				.containsExactly(new RecordingConsumer.Oversized(null, line.length() + "data: x".length()));
			assertThat(found().frames).isEmpty();
		}

		@Test
		void areNotTakenForSoAtTheMaximum() {
			this.decoder.decode(ByteBuffer.wrap(utf8("data: " + "x".repeat(MAX - "data: ".length()) + "\n\n")));
			this.decoder.decode(ByteBuffer.wrap(utf8("data: " + "x".repeat(MAX - "data: ".length() + 1) + "\n\n")));
			assertThat(found().frames).hasSize(1);
			assertThat(found().oversized).hasSize(1);
		}

		@ParameterizedTest
		@ValueSource(ints = { 1, 1_000_000 })
		void areNotMadeByCommentsAndUnknownFields(int chunk) {
			String data = "data: " + "x".repeat(MAX - "data: ".length());
			String noise = ": " + "c".repeat(3 * MAX) + "\ndogs: " + "d".repeat(3 * MAX)
					+ "\nd: 1\n: ping\n".repeat(500);
			Chunks.ofSize(this.decoder, utf8(noise + data + "\n" + noise + "\n"), chunk);
			assertThat(onlyFrame().data()).hasSize(MAX - "data: ".length());
		}

		private RecordingConsumer found() {
			return SseFrameDecoderTests.this.found;
		}

	}

	@Nested
	class Memory {

		private final SseFrameDecoder decoder = new SseFrameDecoder(4 * MEGABYTE, SseFrameDecoderTests.this.found);

		@ParameterizedTest
		@ValueSource(strings = { ":", "unknown: ", "dat", "data: ", "event: ", "id: ", "retry: " })
		void staysBoundedUnderAnEndlessLine(String start) {
			this.decoder.decode(ByteBuffer.wrap(utf8(start)));
			byte[] more = utf8("7".repeat(10_000));
			for (int i = 0; i < 10_000; i++) {
				this.decoder.decode(ByteBuffer.wrap(more));
			}
			assertThat(capacity()).isLessThanOrEqualTo(4 * MEGABYTE + 16 * 1024);
		}

		@ParameterizedTest
		@ValueSource(strings = { ": ping\n", "unknown: 1\n", "data: 1\n", "data\r", "event: x\r\n", "id: 1\n",
				"retry: 1\n" })
		void staysBoundedUnderEndlessLines(String line) {
			byte[] lines = utf8(line.repeat(1000));
			for (int i = 0; i < 10_000; i++) {
				this.decoder.decode(ByteBuffer.wrap(lines));
				SseFrameDecoderTests.this.found.retries.clear();
			}
			assertThat(capacity()).isLessThanOrEqualTo(4 * MEGABYTE + 16 * 1024);
		}

		@ParameterizedTest
		@CsvSource({ "3_000_000, 4000", "4_194_000, 4000", "4_194_000, 20", "10, 4000" })
		void isNotCopiedForCommentsAfterAnEvent(int size, int comments) {
			this.decoder.decode(ByteBuffer.wrap(utf8("data: " + "x".repeat(size) + "\n")));
			ByteBuffer lines = ByteBuffer.wrap(utf8((": ping\n".repeat(comments / 4) + "other: 1\n").repeat(4)));
			// Room for all of it is allocated once, if at all
			this.decoder.decode(lines.rewind());
			ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
			long before = threads.getCurrentThreadAllocatedBytes();
			for (int i = 0; i < 500; i++) {
				this.decoder.decode(lines.rewind());
			}
			long allocated = threads.getCurrentThreadAllocatedBytes() - before;
			assertThat(allocated).isLessThan(10L * MEGABYTE);
			this.decoder.decode(ByteBuffer.wrap(utf8("data: end\n\n")));
			assertThat(onlyFrame().data()).hasSize(size + 4).endsWith("x\nend");
		}

		@Test
		void isNotNeededForHeartbeats() {
			byte[] heartbeat = utf8(":\n");
			for (int i = 0; i < 1_000_000; i++) {
				this.decoder.decode(ByteBuffer.wrap(heartbeat));
			}
			assertThat(capacity()).isEqualTo(16 * 1024);
		}

		@Test
		void isGivenBackAfterAHugeEvent() {
			this.decoder.decode(ByteBuffer.wrap(utf8("data: " + "x".repeat(3 * MEGABYTE) + "\n")));
			assertThat(capacity()).isGreaterThan(3 * MEGABYTE);
			this.decoder.decode(ByteBuffer.wrap(utf8("\n")));
			assertThat(onlyFrame().data()).hasSize(3 * MEGABYTE);
			assertThat(capacity()).isEqualTo(16 * 1024);
		}

		private int capacity() {
			byte[] buffer = (byte[]) ReflectionTestUtils.getField(this.decoder, "buffer");
			assertThat(buffer).isNotNull();
			return buffer.length;
		}

	}

	@Test
	void goesOnAfterAConsumerThatFailed() {
		SseFrameDecoder decoder = new SseFrameDecoder(MEGABYTE, new RecordingConsumer() {
			@Override
			public void onFrame(SseFrame frame) {
				if (frame.data().equals("bad")) {
					throw new IllegalStateException("expected");
				}
				SseFrameDecoderTests.this.found.onFrame(frame);
			}
		});
		assertThatIllegalStateException()
			.isThrownBy(() -> decoder.decode(ByteBuffer.wrap(utf8("id: 1\ndata: bad\n\ndata: go"))));
		decoder.decode(ByteBuffer.wrap(utf8("od\n\n")));
		assertThat(onlyFrame()).isEqualTo(new RecordingConsumer.Recorded("1", "message", "good", null, 10));
	}

}
