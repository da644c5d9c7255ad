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

package cloud.requence.samples.benchmarks;

import java.io.IOException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Compares ways to watch tasks, and writes reports.
 */
final class Benchmarks {

	private static final Log logger = LogFactory.getLog(Benchmarks.class);

	private Benchmarks() {
	}

	/**
	 * Compare what is asked for.
	 * @param args the {@link Options}
	 * @throws IOException if a process cannot be started or a report cannot be written
	 * @throws InterruptedException if this thread is to end
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		Options options = Options.of(args);
		for (Suite suite : options.suites()) {
			Report report = suite.run(options);
			logger.info("The report is in " + report.write() + ":\n" + report);
		}
	}

}
