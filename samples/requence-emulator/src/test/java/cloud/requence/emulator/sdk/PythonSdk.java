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

package cloud.requence.emulator.sdk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.opentest4j.TestAbortedException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The official Python SDK as a client to test against, in a virtual environment below
 * {@code target}. Where it cannot be had, tests are skipped; with the environment
 * variable {@code CI=true} they fail.
 */
public final class PythonSdk {

	private static final String REQUIREMENT = "requence==0.8.2";

	private static final String SUPPORTED = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))";

	private static final long TIMEOUT_SECONDS = 120;

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final Path directory;

	private PythonSdk(Path directory) {
		this.directory = directory;
	}

	/**
	 * Return the SDK, installed if need be.
	 * @return the SDK
	 * @throws TestAbortedException if it cannot be had
	 */
	public static PythonSdk install() throws IOException, InterruptedException {
		Path target = Path.of(System.getProperty("basedir", ""), "target").toAbsolutePath();
		PythonSdk sdk = new PythonSdk(target.resolve("python-sdk"));
		if (!Files.exists(sdk.marker())) {
			sdk.create(findPython());
		}
		sdk.copyScript();
		return sdk;
	}

	/**
	 * Run one of the calls of {@code sdk_contract.py} to its end.
	 * @param accessToken the access token
	 * @param arguments the call and its arguments
	 * @return what it said
	 */
	public List<JsonNode> run(String accessToken, String... arguments) throws IOException, InterruptedException {
		return start(accessToken, arguments).join();
	}

	/**
	 * Run the command of the SDK that generates code.
	 * @param accessToken the access token
	 * @param output where to generate it
	 * @return whether it has succeeded
	 */
	public boolean generateTypes(String accessToken, Path output) throws InterruptedException {
		return succeeds(List.of(this.directory.resolve("bin").resolve("requence-task").toString(), "generate-types",
				"--access-token", accessToken, "--outdir", output.toString()));
	}

	/**
	 * Return whether a file holds Python.
	 * @param file the file
	 * @return whether it can be parsed
	 */
	public boolean parses(Path file) throws InterruptedException {
		return succeeds(List.of(python().toString(), "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())",
				file.toString()));
	}

	/**
	 * Start one of the calls of {@code sdk_contract.py}.
	 * @param accessToken the access token
	 * @param arguments the call and its arguments
	 * @return the running call
	 */
	public Call start(String accessToken, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(python().toString(), script().toString()));
		command.addAll(List.of(arguments));
		Path output = Files.createTempFile(this.directory, "call", ".jsonl");
		ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(output.toFile())
			.redirectError(ProcessBuilder.Redirect.INHERIT);
		builder.environment().put("REQUENCE_TASK_ACCESS_TOKEN", accessToken);
		return new Call(builder.start(), output);
	}

	private void create(Path python) throws IOException, InterruptedException {
		Files.createDirectories(this.directory);
		List<String> pip = List.of(python().toString(), "-m", "pip", "install", "--quiet",
				"--disable-pip-version-check", REQUIREMENT);
		if (!succeeds(List.of(python.toString(), "-m", "venv", this.directory.toString())) || !succeeds(pip)) {
			throw unavailable(REQUIREMENT + " cannot be installed");
		}
		Files.createFile(marker());
	}

	private void copyScript() throws IOException {
		try (InputStream script = PythonSdk.class.getResourceAsStream("/sdk_contract.py")) {
			Files.copy(Objects.requireNonNull(script), script(), StandardCopyOption.REPLACE_EXISTING);
		}
	}

	private Path python() {
		return this.directory.resolve("bin").resolve("python");
	}

	private Path script() {
		return this.directory.resolve("sdk_contract.py");
	}

	private Path marker() {
		return this.directory.resolve("installed");
	}

	private static Path findPython() throws IOException, InterruptedException {
		List<Path> candidates = new ArrayList<>(List.of(Path.of("python3.13"), Path.of("python3.12")));
		candidates.addAll(pyenvVersions());
		candidates.add(Path.of("python3"));
		for (Path candidate : candidates) {
			if (succeeds(List.of(candidate.toString(), "-c", SUPPORTED))) {
				return candidate;
			}
		}
		throw unavailable("No Python 3.12 or newer was found");
	}

	private static List<Path> pyenvVersions() throws IOException {
		String root = System.getenv("PYENV_ROOT");
		Path versions = (root != null) ? Path.of(root, "versions")
				: Path.of(System.getProperty("user.home"), ".pyenv", "versions");
		if (!Files.isDirectory(versions)) {
			return List.of();
		}
		try (Stream<Path> directories = Files.list(versions)) {
			return directories.map((directory) -> directory.resolve("bin").resolve("python"))
				.filter(Files::isExecutable)
				.sorted()
				.toList();
		}
	}

	private static boolean succeeds(List<String> command) throws InterruptedException {
		try {
			Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
			return process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static RuntimeException unavailable(String reason) {
		if ("true".equals(System.getenv("CI"))) {
			return new IllegalStateException(reason);
		}
		return new TestAbortedException(reason);
	}

	/**
	 * A call that may still be running.
	 */
	public final class Call implements AutoCloseable {

		private final Process process;

		private final Path output;

		private Call(Process process, Path output) {
			this.process = process;
			this.output = output;
		}

		/**
		 * Return what it has said so far.
		 * @return JSON values
		 */
		public List<JsonNode> said() throws IOException {
			String text = Files.readString(this.output);
			return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(PythonSdk.this.mapper::readTree).toList();
		}

		/**
		 * Wait for its end.
		 * @return what it said
		 */
		public List<JsonNode> join() throws IOException, InterruptedException {
			try (this) {
				if (!this.process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
					throw new IllegalStateException("The call does not end; it said " + said());
				}
				if (this.process.exitValue() != 0) {
					throw new IllegalStateException("The call failed; it said " + said());
				}
				return said();
			}
		}

		@Override
		public void close() {
			this.process.destroyForcibly();
		}

	}

}
