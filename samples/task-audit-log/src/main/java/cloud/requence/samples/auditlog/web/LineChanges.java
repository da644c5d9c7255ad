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

package cloud.requence.samples.auditlog.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares two versions of a text line by line, by their longest common subsequence.
 */
final class LineChanges {

	/** What a comparison of long texts would take is not worth it. */
	private static final int MAX_CELLS = 1_000_000;

	private LineChanges() {
	}

	/**
	 * Return the lines of both versions in their order.
	 * @param before the earlier version
	 * @param after the later version
	 * @return the lines, each once if both have it; if both differ in more than can be
	 * compared, those between the common beginning and the common end are all changed
	 */
	static List<Line> between(List<String> before, List<String> after) {
		int start = 0;
		while (start < before.size() && start < after.size() && before.get(start).equals(after.get(start))) {
			start++;
		}
		int end = 0;
		while (end < before.size() - start && end < after.size() - start
				&& before.get(before.size() - 1 - end).equals(after.get(after.size() - 1 - end))) {
			end++;
		}
		List<Line> lines = new ArrayList<>();
		add(lines, Change.NONE, after.subList(0, start));
		compare(lines, before.subList(start, before.size() - end), after.subList(start, after.size() - end));
		add(lines, Change.NONE, after.subList(after.size() - end, after.size()));
		return lines;
	}

	/**
	 * Return the lines of a text of which there is no earlier version.
	 */
	static List<Line> none(List<String> text) {
		List<Line> lines = new ArrayList<>();
		add(lines, Change.NONE, text);
		return lines;
	}

	private static void compare(List<Line> lines, List<String> before, List<String> after) {
		if ((long) before.size() * after.size() > MAX_CELLS) {
			add(lines, Change.REMOVED, before);
			add(lines, Change.ADDED, after);
			return;
		}
		int[][] common = new int[before.size() + 1][after.size() + 1];
		for (int i = before.size() - 1; i >= 0; i--) {
			for (int j = after.size() - 1; j >= 0; j--) {
				common[i][j] = before.get(i).equals(after.get(j)) ? common[i + 1][j + 1] + 1
						: Math.max(common[i + 1][j], common[i][j + 1]);
			}
		}
		int i = 0;
		int j = 0;
		while (i < before.size() && j < after.size()) {
			if (before.get(i).equals(after.get(j))) {
				lines.add(new Line(Change.NONE, after.get(j)));
				i++;
				j++;
			}
			else if (common[i + 1][j] >= common[i][j + 1]) {
				lines.add(new Line(Change.REMOVED, before.get(i++)));
			}
			else {
				lines.add(new Line(Change.ADDED, after.get(j++)));
			}
		}
		add(lines, Change.REMOVED, before.subList(i, before.size()));
		add(lines, Change.ADDED, after.subList(j, after.size()));
	}

	private static void add(List<Line> lines, Change change, List<String> texts) {
		texts.forEach((text) -> lines.add(new Line(change, text)));
	}

	/**
	 * The outcome of a line.
	 */
	enum Change {

		/** Both versions have it. */
		NONE,

		/** Only the later version has it. */
		ADDED,

		/** Only the earlier version has it. */
		REMOVED

	}

	/**
	 * A line of either version.
	 *
	 * @param change the outcome of it
	 * @param text its text
	 */
	record Line(Change change, String text) {

		/**
		 * Return a sign in front of the line, which does not depend on colours.
		 */
		public String sign() {
			return switch (this.change) {
				case NONE -> " ";
				case ADDED -> "+";
				case REMOVED -> "−";
			};
		}

		/**
		 * Return the name of the change for style sheets.
		 */
		public String style() {
			return this.change.name().toLowerCase(Locale.ROOT);
		}

	}

}
