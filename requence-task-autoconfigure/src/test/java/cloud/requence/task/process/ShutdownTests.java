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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

	// Started together, as most of the time each of them starts
	private static final Map<Situation, Running> running = new EnumMap<>(Situation.class);

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

	@BeforeAll
	static void startAll(@TempDir Path directory) throws IOException {
		for (Situation situation : Situation.values()) {
			running.put(situation, new Running(situation, directory));
		}
	}

	@AfterAll
	static void closeAll() {
		running.values().forEach(Running::close);
	}

	@ParameterizedTest
	@EnumSource
	void endsOnTerm(Situation situation) throws Exception {
		Running running = ShutdownTests.running.get(situation);
		ChildApplication application = running.application();
		situation.arrival.accept(running.emulator(), application);
		assertThat(application.isAlive()).isTrue();
		application.terminate(PATIENCE);
		assertThat(application.log()).contains("has stopped").doesNotContain("ERROR");
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

	/**
	 * An application that is in a situation, or comes into it.
	 *
	 * @param emulator what it watches
	 * @param application the application
	 */
	private record Running(RequenceEmulator emulator, ChildApplication application) implements AutoCloseable {

		Running(Situation situation, Path directory) throws IOException {
			this(prepare(situation), directory.resolve(situation.name()));
		}

		private Running(RequenceEmulator emulator, Path directory) throws IOException {
			this(emulator, new ChildApplication(Files.createDirectory(directory), emulator.accessToken(), List.of(),
					"--pause=1s"));
		}

		private static RequenceEmulator prepare(Situation situation) {
			RequenceEmulator emulator = RequenceEmulator.builder().build().start();
			situation.preparation.accept(emulator);
			return emulator;
		}

		@Override
		public void close() {
			this.application.close();
			this.emulator.close();
		}

	}

}
