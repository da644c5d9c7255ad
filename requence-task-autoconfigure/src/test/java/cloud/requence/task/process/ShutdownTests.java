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

package cloud.requence.task.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import cloud.requence.emulator.RequenceEmulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications that the operating system ends, in each state of their watcher.
 */
class ShutdownTests {

	// Less than a stop waits for a listener, or a container platform for a process
	private static final Duration PATIENCE = Duration.ofSeconds(8);

	enum Situation {

		CONNECTING((emulator) -> emulator.faults().always().stallHeaders(),
				(emulator, application) -> await().atMost(Duration.ofMinutes(1))
					.until(() -> !emulator.watchRequests().isEmpty())),

		BACKING_OFF(RequenceEmulator::stop, (emulator, application) -> application.awaitLog("Connecting again in")),

		REFUSED((emulator) -> emulator.faults().always().answer(401, ""),
				(emulator, application) -> application.awaitLog("The access token is refused")),

		STREAMING((emulator) -> {
		}, (emulator, application) -> application.awaitLog("is connected")),

		STALLED((emulator) -> {
			emulator.task("invoice").start();
			emulator.faults().always().stallAfter(1);
		}, (emulator, application) -> application.awaitLog("is connected")),

		IN_A_LISTENER((emulator) -> {
			for (int i = 0; i < 1000; i++) {
				emulator.task("invoice").start();
			}
		}, (emulator, application) -> application.awaitLog("is connected"));

		private final Consumer<RequenceEmulator> preparation;

		private final BiConsumer<RequenceEmulator, ChildApplication> arrival;

		Situation(Consumer<RequenceEmulator> preparation, BiConsumer<RequenceEmulator, ChildApplication> arrival) {
			this.preparation = preparation;
			this.arrival = arrival;
		}

	}

	@ParameterizedTest
	@EnumSource
	void endsOnTerm(Situation situation, @TempDir Path directory) throws Exception {
		try (RequenceEmulator emulator = RequenceEmulator.builder().build().start()) {
			situation.preparation.accept(emulator);
			try (ChildApplication application = new ChildApplication(directory, emulator.accessToken(), List.of(),
					"--pause=1s")) {
				situation.arrival.accept(emulator, application);
				assertThat(application.isAlive()).isTrue();
				application.terminate(PATIENCE);
				assertThat(application.log()).contains("has stopped").doesNotContain("ERROR");
			}
		}
	}

	@Test
	void staysAliveWithoutAWebServer(@TempDir Path directory) throws Exception {
		try (RequenceEmulator emulator = RequenceEmulator.builder().build().start();
				ChildApplication application = new ChildApplication(directory, emulator.accessToken(), List.of())) {
			application.awaitLog("is connected");
			emulator.task("invoice").start().nodeEnd("marker");
			assertThat(application.awaitReport(Duration.ofMinutes(1))).startsWith("count=2 ");
			assertThat(application.isAlive()).isTrue();
		}
	}

}
