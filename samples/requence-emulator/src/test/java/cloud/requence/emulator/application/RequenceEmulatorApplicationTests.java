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
		Options options = Options.parse("--port=0", "--rate=600", "--speed=100", "--seed=3", "--secret=abc");
		try (RequenceEmulator emulator = RequenceEmulatorApplication.start(options)) {
			await().until(() -> emulator.lastPosition() > 30);
		}
	}

	@Test
	void hasDefaults() {
		assertThat(Options.parse()).isEqualTo(new Options("127.0.0.1", 9420, null, "emulator-secret", 30.0, 1.0, 1));
		assertThat(Options.parse("--base-url=http://emulator:80/api").baseUrl())
			.isEqualTo(URI.create("http://emulator:80/api"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "--port", "port=1", "--other=1", "", "--port=x", "--rate=fast" })
	void refusesWhatItDoesNotKnow(String arg) {
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse(arg));
	}

}
