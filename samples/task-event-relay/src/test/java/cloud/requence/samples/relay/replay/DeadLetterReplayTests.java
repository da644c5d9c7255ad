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

package cloud.requence.samples.relay.replay;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import cloud.requence.samples.relay.RelayProperties;
import cloud.requence.samples.relay.TestKafka;
import cloud.requence.samples.relay.replay.DeadLetterReplay.Replayed;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link DeadLetterReplay}.
 */
class DeadLetterReplayTests {

	private static final String GROUP = "readers";

	private final RelayProperties relay = new RelayProperties(TestKafka.uniqueName(), TestKafka.uniqueName(), 1, null,
			Duration.ofSeconds(6));

	private final String deadLetters = this.relay.deadLetterTopic(GROUP);

	private final String replays = this.relay.replayTopic(GROUP);

	@BeforeEach
	void createTopics() {
		TestKafka.create(new NewTopic(this.deadLetters, 1, (short) 1));
		TestKafka.create(new NewTopic(this.replays, 1, (short) 1));
	}

	private DeadLetterReplay replay() {
		Map<String, Object> settings = Map.of("bootstrap.servers", TestKafka.address());
		return new DeadLetterReplay(this.relay, settings, settings, Duration.ofSeconds(20));
	}

	private void deadLetter(int number) {
		TestKafka.send(this.deadLetters, "updates-0@" + number, bytes("value " + number), "type", "taskEnd",
				"original-key", "task " + number, "error", "refused");
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private List<String> replayed() {
		return TestKafka.read(this.replays)
			.stream()
			.map((record) -> new String(record.value(), StandardCharsets.UTF_8))
			.toList();
	}

	@Test
	void writesTheRecordAsItWasAndRemovesTheLetter() {
		deadLetter(7);
		assertThat(replay().replayOne(GROUP, 0, 0)).isEqualTo(new Replayed(1, 0));
		ConsumerRecord<String, byte[]> record = TestKafka.read(this.replays).get(0);
		assertThat(record.key()).isEqualTo("task 7");
		assertThat(record.value()).isEqualTo(bytes("value 7"));
		assertThat(record.headers().toArray()).extracting((header) -> header.key()).containsExactly("type");
		ConsumerRecord<String, byte[]> removal = TestKafka.read(this.deadLetters).get(1);
		assertThat(removal.key()).isEqualTo("updates-0@7");
		assertThat(removal.value()).isNull();
	}

	@Test
	void replaysALetterOnce() {
		deadLetter(1);
		deadLetter(2);
		assertThat(replay().replayOne(GROUP, 0, 1).letters()).isEqualTo(1);
		assertThat(replay().replayOne(GROUP, 0, 1).letters()).isZero();
		assertThat(replay().replayAll(GROUP)).isEqualTo(new Replayed(1, 0));
		assertThat(replay().replayAll(GROUP)).isEqualTo(new Replayed(0, 0));
		assertThat(replayed()).containsExactly("value 2", "value 1");
	}

	@Test
	void replaysTheLatestOfLettersWithTheSameIdentifier() {
		deadLetter(1);
		TestKafka.send(this.deadLetters, "updates-0@1", bytes("later"));
		assertThat(replay().replayOne(GROUP, 0, 0).letters()).isZero();
		assertThat(replay().replayAll(GROUP).letters()).isEqualTo(1);
		assertThat(replayed()).containsExactly("later");
	}

	@Test
	void replaysManyInTheirOrder() {
		IntStream.range(0, 250).forEach(this::deadLetter);
		replay().replayOne(GROUP, 0, 100);
		assertThat(replay().replayAll(GROUP)).isEqualTo(new Replayed(249, 0));
		assertThat(replayed()).containsExactlyElementsOf(
				Stream.concat(Stream.of(100), IntStream.range(0, 250).filter((number) -> number != 100).boxed())
					.map((number) -> "value " + number)
					.toList());
		assertThat(replay().replayAll(GROUP).letters()).isZero();
	}

	@Test
	void replaysEachLetterOnceThoughTwoInstancesDoAtTheSameTime() {
		IntStream.range(0, 300).forEach(this::deadLetter);
		List<CompletableFuture<Void>> presses = IntStream.range(0, 4)
			.mapToObj((instance) -> CompletableFuture.runAsync(() -> replay().replayAll(GROUP)))
			.toList();
		presses.forEach((press) -> press.handle((nothing, failure) -> nothing).join());
		replay().replayAll(GROUP);
		assertThat(replayed()).hasSize(300).doesNotHaveDuplicates();
		assertThat(replay().replayAll(GROUP)).isEqualTo(new Replayed(0, 0));
	}

	@Test
	void losesNothingIfTheRecordIsNotAccepted() {
		deadLetter(1);
		Map<String, Object> settings = Map.of("bootstrap.servers", TestKafka.address());
		Map<String, Object> tooSmall = Map.of("bootstrap.servers", TestKafka.address(), "max.request.size", 10);
		DeadLetterReplay replay = new DeadLetterReplay(this.relay, tooSmall, settings, Duration.ofSeconds(20));
		assertThatExceptionOfType(ReplayException.class).isThrownBy(() -> replay.replayAll(GROUP))
			.satisfies((ex) -> assertThat(ex.letters()).isZero());
		assertThat(TestKafka.read(this.replays)).isEmpty();
		assertThat(replay().replayAll(GROUP)).isEqualTo(new Replayed(1, 0));
	}

}
