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
import java.util.Objects;
import java.util.concurrent.CountDownLatch;

import cloud.requence.emulator.EmulatorLimits;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.scenario.Scenario;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an emulator that is busy with a {@linkplain Scenario scenario}, and says with
 * which access token it can be watched.
 */
public final class RequenceEmulatorApplication {

	private static final Logger logger = LoggerFactory.getLogger(RequenceEmulatorApplication.class);

	private RequenceEmulatorApplication() {
	}

	/**
	 * Run until the process ends.
	 * @param args {@code --port=}, {@code --host=}, {@code --base-url=},
	 * {@code --secret=}, {@code --rate=}, {@code --speed=}, {@code --seed=}; environment
	 * variables such as {@code REQUENCE_EMULATOR_BASE_URL} stand for those that are
	 * missing
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static void main(String[] args) throws InterruptedException {
		RequenceEmulator emulator = start(Options.parse(System.getenv(), args));
		// Files that clients have sent are not to stay behind.
		Runtime.getRuntime().addShutdownHook(new Thread(emulator::close));
		new CountDownLatch(1).await();
	}

	static RequenceEmulator start(Options options) {
		RequenceEmulator emulator = RequenceEmulator.builder()
			.host(options.host())
			.port(options.port())
			.secret(options.secret())
			.seed(options.seed())
			.limits(EmulatorLimits.small().withUpdates(50_000).withUpdateBytes(64L * 1024 * 1024))
			.publicUrl(options.baseUrl())
			.build()
			.start();
		URI baseUrl = Objects.requireNonNullElseGet(options.baseUrl(), emulator::baseUrl);
		logger.info("Emulator at {}", baseUrl);
		logger.info("REQUENCE_ACCESS_TOKEN={}", emulator.accessToken(baseUrl));
		if (options.rate() > 0) {
			Scenario scenario = Scenario.builder(emulator)
				.seed(options.seed())
				.tasksPerMinute(options.rate())
				.speed(options.speed())
				.build();
			// Its tasks have files, with addresses
			emulator.whenReachable(() -> {
				scenario.start();
				logger.info("{} tasks a minute begin", options.rate());
			});
		}
		return emulator;
	}

}
