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

package cloud.requence.emulator.application;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

import cloud.requence.emulator.RequenceEmulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * The emulator from the command line.
 */
class RequenceEmulatorApplicationTests {

	@Test
	void runsAScenario() {
		Options options = parse("--port=0", "--rate=600", "--speed=100", "--seed=3", "--secret=abc");
		try (RequenceEmulator emulator = RequenceEmulatorApplication.start(options)) {
			await().until(() -> emulator.lastPosition() > 30);
		}
	}

	@Test
	void hasDefaults() {
		assertThat(parse()).isEqualTo(new Options("127.0.0.1", 9420, null, "emulator-secret", 30.0, 1.0, 1));
		assertThat(parse("--base-url=http://emulator:80/api").baseUrl())
			.isEqualTo(URI.create("http://emulator:80/api"));
	}

	@Test
	void looksIntoTheEnvironmentForWhatTheCommandLineDoesNotSay() {
		Map<String, String> environment = Map.of("REQUENCE_EMULATOR_PORT", "80", "REQUENCE_EMULATOR_RATE", "0",
				"REQUENCE_EMULATOR_BASE_URL", "http://emulator/api", "PATH", "/bin");
		assertThat(Options.parse(environment, "--rate=5"))
			.isEqualTo(new Options("127.0.0.1", 80, URI.create("http://emulator/api"), "emulator-secret", 5.0, 1.0, 1));
	}

	@Test
	void listensOnAllAddressesAndNamesOneThatIsReachable() {
		try (RequenceEmulator emulator = RequenceEmulatorApplication
			.start(parse("--port=0", "--host=0.0.0.0", "--rate=0"))) {
			assertThat(emulator.baseUrl()).isEqualTo(URI.create("http://127.0.0.1:" + emulator.port() + "/api"));
		}
	}

	@Test
	void hasItsFilesWhereTheFirstClientFindsIt() throws Exception {
		try (RequenceEmulator emulator = RequenceEmulatorApplication
			.start(parse("--port=0", "--host=0.0.0.0", "--rate=600", "--speed=100"))) {
			assertThat(emulator.lastPosition()).isZero();
			URI address = URI.create("http://localhost:" + emulator.port() + "/api");
			HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/task/abort/none"))
				.header("Authorization", "Bearer emulator-secret")
				.POST(HttpRequest.BodyPublishers.noBody())
				.build();
			HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
			await().until(() -> emulator.lastPosition() > 0);
			assertThat(emulator.files().store(new byte[1], "a/b").url()).startsWith(address + "/files/");
		}
	}

	@Test
	void hasItsFilesWhereItIsTold() {
		try (RequenceEmulator emulator = RequenceEmulatorApplication
			.start(parse("--port=0", "--base-url=http://emulator:80/api", "--rate=0"))) {
			assertThat(emulator.files().store(new byte[1], "a/b").url()).startsWith("http://emulator:80/api/files/");
		}
	}

	@Test
	void isHealthyAsLongAsItAnswers() {
		RequenceEmulator emulator = RequenceEmulatorApplication.start(parse("--port=0", "--rate=0"));
		assertThat(HealthCheck.isHealthy(emulator.port())).isTrue();
		assertThat(emulator.requests()).isEmpty();
		emulator.close();
		assertThat(HealthCheck.isHealthy(emulator.port())).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "--port", "port=1", "--other=1", "", "--port=x", "--rate=fast" })
	void refusesWhatItDoesNotKnow(String arg) {
		assertThatIllegalArgumentException().isThrownBy(() -> parse(arg));
	}

	private static Options parse(String... args) {
		return Options.parse(Map.of(), args);
	}

}
