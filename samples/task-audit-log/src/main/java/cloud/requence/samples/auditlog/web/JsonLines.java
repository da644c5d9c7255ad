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

/**
 * Breaks JSON into lines that people read. All values stay as they are written, as a
 * reader of the log wants to see what was recorded, and not what a parser makes of it.
 */
final class JsonLines {

	private final List<String> lines = new ArrayList<>();

	private final StringBuilder line = new StringBuilder();

	private int depth;

	private JsonLines() {
	}

	/**
	 * Break valid JSON into lines. Of anything else the characters stay as well.
	 */
	static List<String> of(String json) {
		JsonLines lines = new JsonLines();
		lines.read(json);
		return lines.lines;
	}

	private void read(String json) {
		for (int i = 0; i < json.length(); i++) {
			char c = json.charAt(i);
			switch (c) {
				case '"' -> {
					int end = endOfText(json, i);
					this.line.append(json, i, end);
					i = end - 1;
				}
				case '{', '[' -> {
					int next = nextToken(json, i + 1);
					if (next < json.length() && json.charAt(next) == ((c == '{') ? '}' : ']')) {
						this.line.append(c).append(json.charAt(next));
						i = next;
					}
					else {
						this.line.append(c);
						this.depth++;
						newLine();
					}
				}
				case '}', ']' -> {
					this.depth = Math.max(0, this.depth - 1);
					newLine();
					this.line.append(c);
				}
				case ',' -> {
					this.line.append(c);
					newLine();
				}
				case ':' -> this.line.append(": ");
				case ' ', '\t', '\r', '\n' -> {
				}
				default -> this.line.append(c);
			}
		}
		end();
	}

	private static int endOfText(String json, int start) {
		for (int i = start + 1; i < json.length(); i++) {
			char c = json.charAt(i);
			if (c == '\\') {
				i++;
			}
			else if (c == '"') {
				return i + 1;
			}
		}
		return json.length();
	}

	private static int nextToken(String json, int from) {
		int next = from;
		while (next < json.length() && json.charAt(next) <= ' ') {
			next++;
		}
		return next;
	}

	private void newLine() {
		end();
		this.line.append("  ".repeat(Math.min(this.depth, 40)));
	}

	private void end() {
		if (!this.line.toString().isBlank()) {
			this.lines.add(this.line.toString());
		}
		this.line.setLength(0);
	}

}
