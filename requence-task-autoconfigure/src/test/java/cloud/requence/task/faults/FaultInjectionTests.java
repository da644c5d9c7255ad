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

package cloud.requence.task.faults;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

import cloud.requence.task.PostgresDatabase;
import cloud.requence.task.PostgresExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whole watchers in many random scenarios. Each is drawn from a seed, which a failure
 * names along with what has happened. Of the system properties {@code requence.runs} says
 * how many there are, and {@code requence.seed} which is the first seed.
 */
@ExtendWith(PostgresExtension.class)
class FaultInjectionTests {

	private static final int RUNS = Integer.getInteger("requence.runs", 60);

	private static final long FIRST_SEED = Long.getLong("requence.seed", 1);

	// Most of its time a run waits for a retry
	private static final int PARALLEL = 48;

	private static final Path REPORT = Path.of("target", "fault-injection.txt");

	private static final Duration PATIENCE = Duration.ofMinutes(1).plusMillis(500L * RUNS);

	private static final List<String> LOGGERS = List.of("cloud.requence", "com.zaxxer.hikari", "reactor",
			"org.springframework", "org.postgresql", "org.awaitility");

	private final Map<Long, Run> unfinished = new ConcurrentHashMap<>();

	private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());

	@BeforeEach
	void doNotLogWhatIsExpected() {
		LOGGERS.forEach((logger) -> this.logging.setLogLevel(logger, LogLevel.OFF));
	}

	@AfterEach
	void logAgain() {
		LOGGERS.forEach((logger) -> this.logging.setLogLevel(logger, null));
	}

	@Test
	@Timeout(3600)
	void everyPromiseIsKept(PostgresDatabase database, @TempDir Path directory) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(PARALLEL);
		try (SharedResources resources = new SharedResources(database, 2 * PARALLEL)) {
			Map<Long, Future<?>> runs = new LinkedHashMap<>();
			LongStream.range(FIRST_SEED, FIRST_SEED + RUNS)
				.forEach((seed) -> runs.put(seed, executor.submit(() -> execute(seed, resources, directory))));
			List<String> failures = failures(runs);
			write(failures);
			assertThat(failures).as(() -> summary(failures)).isEmpty();
		}
		finally {
			executor.shutdownNow();
		}
	}

	/**
	 * Return what has failed, one line for each of the first seeds.
	 */
	private static String summary(List<String> failures) {
		return failures.stream()
			.limit(20)
			.map((failure) -> failure.lines().findFirst().orElse(""))
			.map((line) -> line.substring(0, Math.min(line.length(), 300)))
			.collect(Collectors.joining("\n",
					failures.size() + " of " + RUNS + " runs have failed, all of them in " + REPORT + ":\n", "\n"));
	}

	private static void write(List<String> failures) throws IOException {
		Files.createDirectories(REPORT.getParent());
		Files.write(REPORT, failures);
	}

	private @Nullable Void execute(long seed, SharedResources resources, Path directory) throws Exception {
		try (Run run = new Run(seed, resources, directory)) {
			this.unfinished.put(seed, run);
			run.execute();
		}
		finally {
			this.unfinished.remove(seed);
		}
		return null;
	}

	private static String stackTrace(Throwable failure) {
		StringWriter text = new StringWriter();
		failure.printStackTrace(new PrintWriter(text));
		return text.toString();
	}

	private List<String> failures(Map<Long, Future<?>> runs) throws InterruptedException {
		List<String> failures = new ArrayList<>();
		Instant deadline = Instant.now().plus(PATIENCE);
		for (Map.Entry<Long, Future<?>> run : runs.entrySet()) {
			try {
				long left = Math.max(1, Duration.between(Instant.now(), deadline).toMillis());
				run.getValue().get(left, TimeUnit.MILLISECONDS);
			}
			catch (ExecutionException ex) {
				failures.add((ex.getCause() instanceof AssertionError error) ? String.valueOf(error.getMessage())
						: "Seed " + run.getKey() + ": " + stackTrace(ex.getCause()));
			}
			catch (TimeoutException ex) {
				Run hanging = this.unfinished.get(run.getKey());
				failures.add((hanging != null) ? hanging.describe("hangs") : "Seed " + run.getKey() + ": has to wait");
			}
		}
		return failures;
	}

}
