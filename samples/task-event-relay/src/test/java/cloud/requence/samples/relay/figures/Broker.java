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

package cloud.requence.samples.relay.figures;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import static org.awaitility.Awaitility.await;

/**
 * A {@link BrokerProcess}.
 */
final class Broker implements AutoCloseable {

	private final Process process;

	private final String address;

	/**
	 * Start a broker.
	 * @param directory the directory for its address and its log
	 * @throws IOException if it cannot be started
	 */
	Broker(Path directory) throws IOException {
		Path file = directory.resolve("address");
		this.process = new ProcessBuilder(
				System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-Xmx1g", "-cp",
				System.getProperty("java.class.path"), BrokerProcess.class.getName(), file.toString())
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("broker.log").toFile())
			.start();
		await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(file));
		this.address = Files.readString(file);
	}

	String address() {
		return this.address;
	}

	@Override
	public void close() {
		this.process.destroy();
	}

}
