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

package cloud.requence.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Docs, comments and messages are plain technical English. Phrases that were translated
 * word by word have a replacement in {@code phrases.txt}.
 */
class LanguageTests {

	private static final Path ROOT = Path.of("..");

	private static final Set<String> SKIPPED = Set.of("target", "test", ".git", ".mvn", "node_modules");

	private static final Set<String> PROSE = Set.of("md", "json", "html", "js", "yml", "yaml");

	private static final List<Phrase> PHRASES = phrases();

	@Test
	void docsAndCodeArePlainTechnicalEnglish() throws IOException {
		List<String> found = new ArrayList<>();
		for (Path file : files()) {
			found.addAll(check(ROOT.relativize(file).toString(), Files.readString(file)));
		}
		assertThat(found).as("phrases to replace by plain technical English").isEmpty();
	}

	@Test
	void readsWhatUsersRead() throws IOException {
		assertThat(files()).extracting((file) -> ROOT.relativize(file).toString().replace('\\', '/'))
			.contains("README.md", "docs/configuration.md", "docs/grafana/requence-task.json",
					"requence-task-autoconfigure/src/main/java/cloud/requence/task/TaskWatcher.java",
					"requence-task-autoconfigure/src/main/resources/META-INF/additional-spring-configuration-metadata.json",
					"samples/requence-emulator/README.md")
			.noneMatch((file) -> file.contains("/src/test/"));
	}

	@Nested
	class Checks {

		@Test
		void namesFileLinePhraseAndReplacement() {
			assertThat(check("README.md", "First line\nThe watcher goes on.\n"))
				.containsExactly("README.md:2: 'goes on', better: continues, resumes");
		}

		@Test
		void findsPhrasesOverTheEndsOfLines() {
			assertThat(check("README.md", "The watcher goes\non.")).hasSize(1);
			assertThat(check("A.java", "/**\n * The watcher goes\n * on.\n */")).hasSize(1);
			assertThat(check("A.java", "// It goes\n// on")).hasSize(1);
			assertThat(check("A.java", "log(\"It goes\"\n\t+ \" on\");")).hasSize(1);
		}

		@Test
		void findsPhrasesInUpperCase() {
			assertThat(check("README.md", "Nobody reads this")).hasSize(1);
		}

		@Test
		void readsCommentsAndStringsOfCodeOnly() {
			assertThat(check("A.java", "boolean nobody = loud;")).isEmpty();
			assertThat(check("A.java", "char c = '\"'; boolean nobody;")).isEmpty();
			assertThat(check("A.java", "String s = \"a \\\" nobody\";")).hasSize(1);
			assertThat(check("A.java", "String s = \"\"\"\n\tnobody\n\t\"\"\";")).hasSize(1);
		}

		@Test
		void findsWholeWordsOnly() {
			assertThat(check("README.md", "The cloud, the handler's `delivery.in.hand`, and stop together")).isEmpty();
		}

	}

	private static List<Path> files() throws IOException {
		List<Path> files = new ArrayList<>();
		Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
				return SKIPPED.contains(String.valueOf(directory.getFileName())) ? FileVisitResult.SKIP_SUBTREE
						: FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
				String extension = extension(file.toString());
				if (extension.equals("java") || PROSE.contains(extension)) {
					files.add(file);
				}
				return FileVisitResult.CONTINUE;
			}

		});
		files.sort(Comparator.naturalOrder());
		return files;
	}

	private static String extension(String file) {
		return file.substring(file.lastIndexOf('.') + 1);
	}

	private static List<String> check(String file, String content) {
		String text = extension(file).equals("java") ? commentsAndStrings(content) : content;
		List<String> found = new ArrayList<>();
		for (Phrase phrase : PHRASES) {
			Matcher matcher = phrase.pattern().matcher(text);
			while (matcher.find()) {
				long line = text.substring(0, matcher.start()).lines().count();
				boolean atStartOfLine = matcher.start() == 0 || text.charAt(matcher.start() - 1) == '\n';
				found.add(file + ":" + (atStartOfLine ? line + 1 : line) + ": '"
						+ matcher.group().replaceAll(Phrase.GAP, " ") + "', better: " + phrase.replacement());
			}
		}
		return found;
	}

	/**
	 * Return the code with spaces in place of everything but comments, strings and the
	 * ends of lines.
	 */
	private static String commentsAndStrings(String code) {
		Pattern kept = Pattern.compile(
				"\"\"\".*?\"\"\"|\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)*'" + "|/\\*.*?\\*/|//[^\\n]*",
				Pattern.DOTALL);
		StringBuilder text = new StringBuilder(code.replaceAll("[^\\n]", " "));
		Matcher matcher = kept.matcher(code);
		while (matcher.find()) {
			text.replace(matcher.start(), matcher.end(), matcher.group());
		}
		return text.toString();
	}

	private static List<Phrase> phrases() {
		try {
			return new ClassPathResource("phrases.txt", LanguageTests.class).getContentAsString(StandardCharsets.UTF_8)
				.lines()
				.filter((row) -> !row.startsWith("#"))
				.map((row) -> row.split("\\|"))
				.map((cells) -> Phrase.of(cells[0], cells[1].strip()))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private record Phrase(Pattern pattern, String replacement) {

		// Also the ends of lines in comments, and of strings that are joined
		static final String GAP = "[\\s*/\"+]+";

		static Phrase of(String wordings, String replacement) {
			String alternatives = Arrays.stream(wordings.split(","))
				.map((wording) -> Arrays.stream(wording.strip().split(" "))
					.map(Pattern::quote)
					.collect(Collectors.joining(GAP)))
				.collect(Collectors.joining("|"));
			return new Phrase(Pattern.compile("\\b(?:" + alternatives + ")\\b", Pattern.CASE_INSENSITIVE), replacement);
		}

	}

}
