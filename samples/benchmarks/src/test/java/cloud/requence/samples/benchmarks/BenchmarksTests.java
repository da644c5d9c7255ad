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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Benchmarks}: that everything runs, not what it measures.
 */
class BenchmarksTests {

	private static final Pattern ZERO = Pattern.compile("\\| (0|NaN|Infinity|-\\d+)( ns| B| µs| ms)? \\|");

	@TempDir
	private Path directory;

	private List<String> run(String suite) throws IOException, InterruptedException {
		Path report = this.directory.resolve("reports").resolve("report.md");
		Benchmarks.main(new String[] { "--suites=" + suite, "--profiles=s", "--rounds=1", "--warm-up=1", "--seconds=1",
				"--report=" + report });
		return Files.readAllLines(report);
	}

	@Test
	void comparesTheThroughputOfAllPipelines() throws IOException, InterruptedException {
		List<String> report = run("throughput");
		for (Pipeline pipeline : Pipeline.forThroughput()) {
			assertThat(report).anyMatch((line) -> line.startsWith("| " + pipeline.label() + " |"));
		}
		assertThat(report).noneMatch((line) -> ZERO.matcher(line).find());
	}

	@Test
	void comparesLatencies() throws IOException, InterruptedException {
		assertThat(run("latency")).anyMatch((line) -> line.startsWith("| " + Pipeline.STARTER.label() + " |"))
			.noneMatch((line) -> ZERO.matcher(line).find());
	}

}
