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

package cloud.requence.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A fenced block of a page.
 *
 * @param page the page, relative to the root of the project
 * @param line the line of its fence
 * @param language the language that the fence names; empty without one
 * @param code the text between the fences
 */
record CodeBlock(String page, int line, String language, String code) {

	static final Path ROOT = Path.of("../..");

	private static final Pattern TYPE = Pattern.compile("^(?:@\\w+.*\\R)*(?:final )?(?:class|record|interface) (\\w+)",
			Pattern.MULTILINE);

	/**
	 * Return the blocks of all pages: those in the root of the project, in {@code docs},
	 * and the page of the emulator, which is a library as well.
	 */
	static List<CodeBlock> all() {
		List<CodeBlock> blocks = new ArrayList<>();
		try (Stream<Path> root = Files.list(ROOT); Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
			Stream.of(root, docs, Stream.of(ROOT.resolve("samples/requence-emulator/README.md")))
				.flatMap((files) -> files)
				.filter((file) -> file.toString().endsWith(".md"))
				.sorted()
				.forEach((page) -> addBlocks(page, blocks));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return blocks;
	}

	private static void addBlocks(Path page, List<CodeBlock> blocks) {
		String name = ROOT.relativize(page).toString().replace('\\', '/');
		try {
			blocks.addAll(parse(name, Files.readAllLines(page)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static List<CodeBlock> parse(String page, List<String> lines) {
		List<CodeBlock> blocks = new ArrayList<>();
		int fence = -1;
		for (int i = 0; i < lines.size(); i++) {
			if (!lines.get(i).startsWith("```")) {
				continue;
			}
			if (fence < 0) {
				fence = i;
				continue;
			}
			blocks.add(new CodeBlock(page, fence + 1, lines.get(fence).substring(3).strip(),
					String.join("\n", lines.subList(fence + 1, i)) + "\n"));
			fence = -1;
		}
		return blocks;
	}

	/**
	 * Return the simple name of the first top-level type of a Java block.
	 */
	String typeName() {
		Matcher matcher = TYPE.matcher(this.code);
		if (!matcher.find()) {
			throw new IllegalStateException(this + " has no type");
		}
		return matcher.group(1);
	}

	@Override
	public String toString() {
		return this.page + ":" + this.line;
	}

}
