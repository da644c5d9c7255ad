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
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Benchmarks}: that everything runs, not what it measures.
 */
class BenchmarksTests {

	private static final Pattern ZERO = Pattern.compile("\\| (0\\.00|NaN|Infinity|-\\d\\S*) \\|");

	// Of three, and of the tasks two are needed to see what one more retains
	private static final int SIZES = Integer.getInteger("requence.benchmark-sizes", 2);

	private static final List<Integer> CONCURRENCY = List.of(1, 8, 64);

	@TempDir
	private Path docs;

	private List<String> run(String suite, String... further) throws IOException, InterruptedException {
		List<String> args = new ArrayList<>(
				List.of("--suites=" + suite, "--profiles=s", "--rounds=1", "--starts=1", "--warm-up=0", "--seconds=0.5",
						"--scale=1", "--sizes=" + SIZES, "--jvm=-XX:TieredStopAtLevel=1", "--docs=" + this.docs));
		args.addAll(List.of(further));
		Benchmarks.main(args.toArray(String[]::new));
		return Files.readAllLines(this.docs.resolve("benchmarks").resolve(suite + ".md"));
	}

	private void assertThatPlotsExist(List<String> report) {
		assertThat(report).filteredOn((line) -> line.startsWith("!["))
			.isNotEmpty()
			.allSatisfy((line) -> assertThat(
					this.docs.resolve("benchmarks").resolve(line.substring(line.indexOf('(') + 1, line.length() - 1)))
				.exists());
	}

	@Test
	void comparesTheStarterWithPeers() throws IOException, InterruptedException {
		List<String> report = run("peers", "--pipelines=limit,Jetty,payload");
		assertThat(report).filteredOn((line) -> line.startsWith("| starter on Jetty |")).hasSize(2);
		assertThat(report).filteredOn((line) -> line.startsWith("| WebClient ServerSentEvent, payload read |"))
			.hasSize(1);
		assertThat(report).noneMatch((line) -> ZERO.matcher(line).find());
		assertThatPlotsExist(report);
	}

	@Test
	void comparesStarts() throws IOException, InterruptedException {
		List<String> report = run("start", "--pipelines=empty,starter");
		assertThat(report).anyMatch((line) -> line.startsWith("| starter |"));
		assertThatPlotsExist(report);
	}

	@Test
	void comparesOptions() throws IOException, InterruptedException {
		List<String> report = run("options", "--pipelines=default,observation,acknowledged,file");
		assertThat(report).anyMatch((line) -> line.startsWith("| checkpoint in a file |"));
		assertThat(report).anyMatch((line) -> line.startsWith("| every tenth update acknowledged |"));
		assertThatPlotsExist(report);
	}

	@Test
	void comparesTransactions() throws IOException, InterruptedException {
		List<String> report = run("transactions", "--pipelines=by 100");
		assertThat(report).filteredOn((line) -> line.startsWith("| 100 |")).hasSize(2);
		assertThat(report).noneMatch((line) -> ZERO.matcher(line).find());
		assertThatPlotsExist(report);
	}

	@Test
	void looksAtGrowth() throws IOException, InterruptedException {
		List<String> report = run("growth");
		for (int concurrency : CONCURRENCY.subList(0, SIZES)) {
			assertThat(report).anyMatch((line) -> line.startsWith("| " + concurrency + " |"));
		}
		assertThat(report).anyMatch((line) -> line.startsWith("| 1,000 |"));
		assertThat(report).anyMatch((line) -> line.startsWith("| S, 100 to 1,000 |"));
		assertThatPlotsExist(report);
	}

}
