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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.task.process.copying.CopyingApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Files and streams that are larger than the memory of those that pass them on. The
 * system property {@code requence.large-values} set to {@code true} makes them 500
 * megabytes.
 */
class LargeValuesTests {

	private static final boolean LARGE = Boolean.getBoolean("requence.large-values");

	private static final long SIZE = LARGE ? 500_000_000 : 150_000_000;

	private static final String HEAP = LARGE ? "-Xmx128m" : "-Xmx80m";

	@Test
	void aFileAndAStreamPassThroughASmallerHeap(@TempDir Path directory) throws Exception {
		try (RequenceEmulator emulator = RequenceEmulator.builder().maxFileSize(SIZE).build().start()) {
			emulator.onTask("copy", (task, input) -> task.end(input));
			try (ChildApplication application = new ChildApplication(CopyingApplication.class, directory,
					emulator.accessToken(), List.of(HEAP), "--copy.size=" + SIZE,
					"--requence.task.references.max-size=500MB")) {
				assertThat(application.awaitReport(Duration.ofMinutes(5)))
					.isEqualTo("file=" + SIZE + " stream=" + SIZE);
				assertThat(application.log()).doesNotContain("OutOfMemoryError").doesNotContain("ERROR");
			}
		}
	}

}
