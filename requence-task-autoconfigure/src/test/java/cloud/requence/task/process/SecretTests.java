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
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import cloud.requence.emulator.RequenceEmulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an application logs when it logs everything.
 */
class SecretTests {

	private static final String SECRET = "s3cr3t-of-the-platform";

	@Test
	void noLogHoldsTheAccessTokenOrAPayload(@TempDir Path directory) throws Exception {
		try (RequenceEmulator emulator = RequenceEmulator.builder().secret(SECRET).build().start()) {
			emulator.faults().answer(500, "Rejected: Authorization: Bearer " + SECRET);
			emulator.faults().answer(401, "Not welcome: " + SECRET);
			emulator.faults().failAcks(500, 1);
			emulator.task("invoice").input(Map.of("iban", "DE-payload-4711")).requireAck().start().end("payload-4711");
			emulator.appendRaw("event: nodeStart\ndata: {\"broken\": \"payload-4711\n\n");
			emulator.task("invoice").start().nodeEnd("marker");
			try (ChildApplication application = new ChildApplication(directory, emulator.accessToken(), List.of(),
					"--logging.level.root=trace", "--spring.http.codecs.log-request-details=true",
					"--requence.task.reconnect.delay=100ms", "--requence.task.reconnect.refused-delay=100ms")) {
				application.awaitReport(Duration.ofMinutes(1));
				await().atMost(Duration.ofSeconds(30)).until(() -> emulator.acknowledgements().size() == 1);
				application.terminate();
				assertThat(application.log())
					.containsPattern("HTTP 500 from http://\\S+:\\d+: Rejected: Authorization: Bearer \\*{6}")
					.contains("HTTP POST")
					.doesNotContain(SECRET)
					.doesNotContain(emulator.accessToken())
					.doesNotContain("payload-4711");
			}
		}
	}

}
