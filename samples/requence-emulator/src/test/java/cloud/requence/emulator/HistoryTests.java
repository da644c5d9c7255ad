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

import java.io.IOException;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * An emulator that forgets.
 */
class HistoryTests {

	private final RequenceEmulator emulator = RequenceEmulator.builder().updatesKept(10).build().start();

	@AfterEach
	void close() {
		this.emulator.close();
	}

	@Test
	void dropsOldUpdatesAndStartsAtTheOldestThatIsLeft() throws IOException {
		publish(25);
		String body = "{\"since\": \"2026-01-01T10:00:00Z\", \"lastPosition\": 2}";
		try (RawClient client = RawClient.watch(this.emulator, body)) {
			assertThat(client.readUntil("id: 25\n")).contains("id: 11\n").doesNotContain("id: 10\n");
		}
	}

	@Test
	void losesNothingForAStreamThatKeepsUp() throws IOException {
		try (RawClient client = RawClient.watch(this.emulator)) {
			client.readUntil("\r\n\r\n");
			for (int i = 1; i <= 50; i++) {
				publish(1);
				client.readUntil("id: " + i + "\n");
			}
		}
	}

	@Test
	void dropsOldTasksThatHaveEndedAndWereDelivered() {
		TaskScript awaiting = this.emulator.task("invoice").requireAck().start().end(null);
		TaskScript running = this.emulator.task("invoice").start();
		TaskScript ended = this.emulator.task("invoice").start().end(null);
		this.emulator.task("invoice").start();
		assertThat(this.emulator.status(awaiting.taskId())).isEqualTo(EmulatedTaskStatus.AWAITING_DELIVERY);
		assertThat(this.emulator.status(running.taskId())).isEqualTo(EmulatedTaskStatus.RUNNING);
		assertThat(this.emulator.status(ended.taskId())).isNull();
	}

	@Test
	void isClearedWithoutHarmToStreamsAndPositions() throws IOException {
		publish(3);
		try (RawClient client = RawClient.watch(this.emulator)) {
			client.readUntil("id: 3\n");
			this.emulator.clear();
			assertThat(this.emulator.lastPosition()).isEqualTo(3);
			assertThat(this.emulator.requests()).isEmpty();
			publish(1);
			client.readUntil("id: 4\n");
		}
		try (RawClient client = RawClient.watch(this.emulator)) {
			assertThat(client.readUntil("id: 4\n")).doesNotContain("id: 3\n");
		}
	}

	@Test
	void keepsMoreThanAHandful() {
		assertThatIllegalArgumentException().isThrownBy(() -> RequenceEmulator.builder().updatesKept(9));
	}

	private void publish(int count) {
		for (int i = 0; i < count; i++) {
			this.emulator.publish("nodeStart", Map.of("taskId", "a"));
		}
	}

}
