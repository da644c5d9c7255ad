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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A page in Markdown, with plots.
 */
final class Report {

	private final String name;

	private final Path docs;

	private final StringBuilder text = new StringBuilder();

	/**
	 * Begin a report.
	 * @param name the name of its file and the prefix of those of its plots
	 * @param docs the directory of both
	 */
	Report(String name, Path docs) {
		this.name = name;
		this.docs = docs;
	}

	void paragraph(String format, Object... args) {
		line("%s", String.format(Locale.ROOT, format, args));
		line("");
	}

	void heading(String heading) {
		line("## %s", heading);
		line("");
	}

	/**
	 * Write a table.
	 * @param head the names of its columns
	 * @param rows the rows
	 */
	void table(List<String> head, List<List<String>> rows) {
		row(head);
		row(head.stream().map((column) -> "---").toList());
		rows.forEach(this::row);
		line("");
	}

	private void row(List<String> cells) {
		line("%s", cells.stream().collect(Collectors.joining(" | ", "| ", " |")));
	}

	/**
	 * Write a chart to a file of its own, and show it here.
	 */
	void chart(String part, String description, Chart chart) throws IOException {
		String file = "benchmark-" + this.name + "-" + part + ".svg";
		write(this.docs.resolve("images").resolve(file), chart.toString());
		line("![%s](../images/%s)", description, file);
		line("");
	}

	/**
	 * Write the report.
	 * @return its file
	 */
	Path write() throws IOException {
		return write(this.docs.resolve("benchmarks").resolve(this.name + ".md"),
				this.text.toString().stripTrailing() + "\n");
	}

	private static Path write(Path file, String content) throws IOException {
		Files.createDirectories(file.resolveSibling("."));
		return Files.writeString(file, content);
	}

	private void line(String format, Object... args) {
		this.text.append(String.format(Locale.ROOT, format, args)).append('\n');
	}

	static List<String> cells(Object... cells) {
		return Arrays.stream(cells)
			.map((cell) -> (cell instanceof Double number) ? number(number) : cell.toString())
			.toList();
	}

	/**
	 * Return a number with about three digits, and nothing for one that was not measured.
	 */
	static String number(double number) {
		if (Double.isNaN(number)) {
			return "";
		}
		double size = Math.abs(number);
		if (size >= 1000) {
			return String.format(Locale.ROOT, "%,.0f", number);
		}
		return String.format(Locale.ROOT, (size >= 100) ? "%.0f" : (size >= 10) ? "%.1f" : "%.2f", number);
	}

	/**
	 * Return what must be reached, what is reached, and whether that is enough.
	 */
	static List<String> target(String label, double must, boolean atMost, double... reached) {
		List<String> cells = new ArrayList<>(List.of(label, (atMost ? "≤ " : "≥ ") + number(must)));
		for (double value : reached) {
			boolean enough = atMost ? value <= must : value >= must;
			cells.add(Double.isNaN(value) ? "" : number(value) + (enough ? " ✓" : " ✗"));
		}
		return cells;
	}

	static String count(int number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

	static String percent(double part) {
		return String.format(Locale.ROOT, "%+.0f %%", 100 * part);
	}

	@Override
	public String toString() {
		return this.text.toString();
	}

}
