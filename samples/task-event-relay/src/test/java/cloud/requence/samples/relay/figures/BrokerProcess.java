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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import cloud.requence.samples.relay.TestKafka;

/**
 * A broker in a process of its own, so that it shares no compiler and no memory with what
 * is measured. It writes its address to a file.
 */
final class BrokerProcess {

	private BrokerProcess() {
	}

	/**
	 * Run a broker until the process ends.
	 * @param args the file
	 * @throws IOException if the file cannot be written
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		Path file = Path.of(args[0]);
		Path written = Files.writeString(Path.of(args[0] + ".new"), TestKafka.address());
		Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
		Thread.currentThread().join();
	}

}
