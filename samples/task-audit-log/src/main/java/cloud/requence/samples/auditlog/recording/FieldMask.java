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
package cloud.requence.samples.auditlog.recording;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Replaces the values of members that are configured to be masked, before anything is
 * stored or hashed. The rest of a payload stays as it is, byte for byte.
 */
final class FieldMask {

	private static final byte[] MASK = "\"***\"".getBytes(StandardCharsets.US_ASCII);

	// What is valid within the size of an event is read
	private static final JsonFactory FACTORY = JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder()
			.maxNestingDepth(Integer.MAX_VALUE)
			.maxNumberLength(Integer.MAX_VALUE)
			.maxStringLength(Integer.MAX_VALUE)
			.maxNameLength(Integer.MAX_VALUE)
			.build())
		.build();

	private final Set<String> names = new HashSet<>();

	private final List<String[]> pointers = new ArrayList<>();

	/**
	 * Create a mask.
	 * @param fields names of members at any depth, whose case does not matter, and JSON
	 * pointers, in which {@code *} stands for any member or element
	 */
	FieldMask(List<String> fields) {
		for (String field : fields) {
			if (field.startsWith("/")) {
				this.pointers.add(steps(field));
			}
			else {
				this.names.add(field.toLowerCase(Locale.ROOT));
			}
		}
	}

	boolean isEmpty() {
		return this.names.isEmpty() && this.pointers.isEmpty();
	}

	/**
	 * Return whether a value, or one that it is in, is masked.
	 * @param pointer a JSON pointer into a payload
	 */
	boolean covers(String pointer) {
		List<String> steps = List.of(steps(pointer));
		for (int i = 1; i <= steps.size(); i++) {
			if (hides(steps.subList(0, i), steps.get(i - 1))) {
				return true;
			}
		}
		return false;
	}

	private static String[] steps(String pointer) {
		String[] steps = pointer.substring(1).split("/", -1);
		for (int i = 0; i < steps.length; i++) {
			steps[i] = steps[i].replace("~1", "/").replace("~0", "~");
		}
		return steps;
	}

	private boolean hides(List<String> path, String name) {
		return this.names.contains(name.toLowerCase(Locale.ROOT))
				|| this.pointers.stream().anyMatch((steps) -> matches(steps, path));
	}

	private static boolean matches(String[] steps, List<String> path) {
		if (steps.length != path.size()) {
			return false;
		}
		for (int i = 0; i < steps.length; i++) {
			if (!steps[i].equals("*") && !steps[i].equals(path.get(i))) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Mask a value.
	 * @param json valid JSON in UTF-8
	 * @return the same bytes if nothing is masked
	 */
	byte[] apply(byte[] json) {
		if (isEmpty()) {
			return json;
		}
		ByteArrayOutputStream masked = new ByteArrayOutputStream(json.length);
		int copied = 0;
		try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
			Path path = new Path();
			while (parser.nextToken() != null) {
				path.moveTo(parser);
				if (isValue(parser.currentToken()) && !path.isEmpty() && hides(path.steps(), path.last())) {
					int start = (int) parser.currentTokenLocation().getByteOffset();
					parser.skipChildren();
					parser.finishToken();
					masked.write(json, copied, start - copied);
					masked.writeBytes(MASK);
					copied = (int) parser.currentLocation().getByteOffset();
				}
				else {
					path.enter(parser.currentToken());
				}
			}
		}
		if (copied == 0) {
			return json;
		}
		masked.write(json, copied, json.length - copied);
		return masked.toByteArray();
	}

	private static boolean isValue(JsonToken token) {
		return token.isScalarValue() || token.isStructStart();
	}

	/**
	 * Where the parser is: the names and indexes from the outermost value on.
	 */
	private static final class Path {

		private final List<String> steps = new ArrayList<>();

		// The index of the next element, or -1 in an object
		private final List<Integer> indexes = new ArrayList<>();

		void moveTo(JsonParser parser) {
			JsonToken token = parser.currentToken();
			if (token.isStructEnd()) {
				this.steps.remove(this.steps.size() - 1);
				this.indexes.remove(this.indexes.size() - 1);
			}
			else if (!this.indexes.isEmpty()) {
				int innermost = this.indexes.size() - 1;
				int index = this.indexes.get(innermost);
				if (index >= 0) {
					this.steps.set(innermost, String.valueOf(index));
					this.indexes.set(innermost, index + 1);
				}
				else if (token == JsonToken.PROPERTY_NAME) {
					this.steps.set(innermost, parser.currentName());
				}
			}
		}

		void enter(JsonToken token) {
			if (token.isStructStart()) {
				this.steps.add("");
				this.indexes.add((token == JsonToken.START_ARRAY) ? 0 : -1);
			}
		}

		boolean isEmpty() {
			return this.steps.isEmpty();
		}

		String last() {
			return this.steps.get(this.steps.size() - 1);
		}

		List<String> steps() {
			return this.steps;
		}

	}

}
