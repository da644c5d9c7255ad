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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A chart as SVG, in light or dark colours as the reader prefers. Written by hand, as a
 * library would be larger than the rest of the benchmarks.
 */
final class Chart {

	private static final int WIDTH = 760;

	private static final int LABELS = 250;

	private static final int BAR = 18;

	private static final int PLOT = 240;

	private static final List<String> COLOURS = List.of("#4c8bc9", "#e08a2e", "#4fa35a", "#d65f5f", "#9a74c0",
			"#8c7a5b", "#c96fa8", "#7d8590", "#3aa6a6", "#a8a23a");

	private final StringBuilder body = new StringBuilder();

	private int height = 46;

	private Chart(String title) {
		text(16, 26, "title", "start", title);
	}

	/**
	 * Draw groups of bars.
	 * @param title the title
	 * @param bars the names of the bars in each group
	 * @param groups the groups
	 * @return the chart
	 */
	static Chart bars(String title, List<String> bars, List<Group> groups) {
		Chart chart = new Chart(title);
		double max = groups.stream().flatMapToDouble((group) -> Arrays.stream(group.values())).max().orElse(1);
		for (Group group : groups) {
			if (!group.name().isEmpty()) {
				chart.text(16, chart.height + 12, "group", "start", group.name());
				chart.height += 20;
			}
			for (int i = 0; i < bars.size(); i++) {
				double length = (WIDTH - LABELS - 90) * group.values()[i] / max;
				chart.text(LABELS - 8, chart.height + 12, "", "end", bars.get(i));
				chart.element("<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>", LABELS,
						chart.height, Math.max(1, length), BAR - 4, colour(i));
				chart.text(LABELS + length + 6, chart.height + 12, "", "start", Report.number(group.values()[i]));
				chart.height += BAR;
			}
			chart.height += 10;
		}
		return chart;
	}

	/**
	 * Draw lines over steps of equal width.
	 * @param title the title
	 * @param steps the names of the steps
	 * @param lines the lines, a value for each step
	 * @return the chart
	 */
	static Chart lines(String title, List<String> steps, List<Group> lines) {
		Chart chart = new Chart(title);
		double max = lines.stream().flatMapToDouble((line) -> Arrays.stream(line.values())).max().orElse(1);
		int top = chart.height;
		int left = 70;
		for (int i = 0; i <= 4; i++) {
			double y = top + PLOT - i * PLOT / 4.0;
			chart.element("<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>", left, y, WIDTH - 30, y);
			chart.text(left - 8, y + 4, "", "end", Report.number(max * i / 4));
		}
		double width = (WIDTH - left - 90.0) / Math.max(1, steps.size() - 1);
		for (int i = 0; i < steps.size(); i++) {
			chart.text(left + 30 + i * width, top + PLOT + 18, "", "middle", steps.get(i));
		}
		for (int i = 0; i < lines.size(); i++) {
			double[] values = lines.get(i).values();
			List<String> points = new ArrayList<>();
			for (int j = 0; j < values.length; j++) {
				double x = left + 30 + j * width;
				double y = top + PLOT - PLOT * values[j] / max;
				points.add(String.format(Locale.ROOT, "%.1f,%.1f", x, y));
				chart.element("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x, y, colour(i));
			}
			chart.element("<polyline points=\"%s\" stroke=\"%s\"/>", String.join(" ", points), colour(i));
			int y = top + PLOT + 36 + i * BAR;
			chart.element("<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>", left, y, colour(i));
			chart.text(left + 20, y + 11, "", "start", lines.get(i).name());
		}
		chart.height = top + PLOT + 36 + lines.size() * BAR + 10;
		return chart;
	}

	private static String colour(int index) {
		return COLOURS.get(index % COLOURS.size());
	}

	private void text(double x, double y, String style, String anchor, String text) {
		element("<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>", x, y, style, anchor,
				text.replace("&", "&amp;").replace("<", "&lt;"));
	}

	private void element(String format, Object... args) {
		this.body.append(String.format(Locale.ROOT, format, args)).append('\n');
	}

	@Override
	public String toString() {
		return """
				<svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d">
				<style>
				text { font: 12px system-ui, sans-serif; fill: #1f2328 } .title { font-size: 15px; font-weight: 600 }
				.group { font-weight: 600 } line { stroke: #d0d7de } polyline { fill: none; stroke-width: 2 } .back { fill: #ffffff }
				@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } line { stroke: #30363d } .back { fill: #0d1117 } }
				</style>
				<rect class="back" width="%1$d" height="%2$d"/>
				%3$s</svg>
				"""
			.formatted(WIDTH, this.height, this.body);
	}

	/**
	 * A group of bars, or a line.
	 *
	 * @param name its name
	 * @param values its values
	 */
	record Group(String name, double... values) {

		Group {
			values = values.clone();
		}

		@Override
		public double[] values() {
			return this.values.clone();
		}

	}

}
