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

package cloud.requence.samples.auditlog.evidence;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipFile;

import cloud.requence.samples.auditlog.evidence.note.VerifierKey;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.TransactionException;

/**
 * The command {@code verify}: verifies a database or an export without the application.
 * Exits with 0 if everything fits, with 1 if something does not, and with 2 if nothing
 * could be verified.
 */
public final class VerifyCommand {

	private static final String USAGE = """
			verify --database=<JDBC URL> [--username=<user>] --keys=<file> [--anchors=<directory>]
			verify --export=<ZIP file> --keys=<file> [--anchors=<directory>]

			The file of the keys has a verifier key in each line. The password of the database is read from PGPASSWORD.
			""";

	private VerifyCommand() {
	}

	/**
	 * Run the command with little logging.
	 * @param args the arguments, the first of which is {@code verify}
	 * @return the exit code
	 */
	@SuppressWarnings("SystemOut") // The report is the output of the command
	public static int main(String[] args) {
		LoggingSystem logging = LoggingSystem.get(VerifyCommand.class.getClassLoader());
		logging.beforeInitialize();
		logging.initialize(new LoggingInitializationContext(new StandardEnvironment()), null, null);
		logging.setLogLevel(null, LogLevel.WARN);
		return run(args, System.getenv(), System.out);
	}

	static int run(String[] args, Map<String, String> environment, PrintStream out) {
		SimpleCommandLinePropertySource options = new SimpleCommandLinePropertySource(args);
		String database = options.getProperty("database");
		String export = options.getProperty("export");
		String keyFile = options.getProperty("keys");
		if ((database == null) == (export == null) || keyFile == null) {
			out.print(USAGE);
			return 2;
		}
		try {
			String anchors = options.getProperty("anchors");
			if (anchors != null && !Files.isDirectory(Path.of(anchors))) {
				throw new IllegalArgumentException("There is no directory " + anchors);
			}
			AnchorStore store = (anchors != null) ? new DirectoryAnchorStore(Path.of(anchors)) : null;
			List<VerifierKey> keys = keys(Path.of(keyFile));
			VerificationReport report = (database != null)
					? verifyDatabase(database, options.getProperty("username"), environment, store, keys)
					: verifyExport(new File(Objects.requireNonNull(export)), store, keys);
			out.print(report.text());
			return report.valid() ? 0 : 1;
		}
		catch (IOException | IllegalArgumentException | DataAccessException | TransactionException ex) {
			out.println("Nothing was verified: " + ex);
			return 2;
		}
	}

	private static VerificationReport verifyDatabase(String url, @Nullable String username,
			Map<String, String> environment, @Nullable AnchorStore anchors, List<VerifierKey> keys) throws IOException {
		DriverManagerDataSource dataSource = new DriverManagerDataSource(url);
		dataSource.setUsername((username != null) ? username : environment.get("PGUSER"));
		dataSource.setPassword(environment.get("PGPASSWORD"));
		return new LogVerification(dataSource, anchors, keys).verify().report();
	}

	private static VerificationReport verifyExport(File file, @Nullable AnchorStore anchors, List<VerifierKey> keys)
			throws IOException {
		try (ZipFile export = new ZipFile(file)) {
			return new ExportVerifier(export, keys).verify(anchors);
		}
	}

	private static List<VerifierKey> keys(Path file) throws IOException {
		List<VerifierKey> keys = new ArrayList<>();
		for (String line : Files.readAllLines(file)) {
			if (!line.isBlank()) {
				keys.add(VerifierKey.parse(line));
			}
		}
		return keys;
	}

}
