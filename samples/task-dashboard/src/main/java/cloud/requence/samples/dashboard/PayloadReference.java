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

package cloud.requence.samples.dashboard;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/**
 * Something in a payload that lives elsewhere, as a browser sees it: without its address,
 * which only this application asks.
 *
 * @param at where in the payload it is, as a JSON pointer
 * @param kind what it is
 * @param mime its type, for a file or a stream
 * @param size its size in bytes; {@code null} for a stream
 * @param image whether it can be shown as an image, which a stream never is
 * @param text whether its beginning can be shown as text
 */
record PayloadReference(String at, Kind kind, @Nullable String mime, @Nullable Long size, boolean image, boolean text) {

	private static final String TAG = "__REQUENCE_type";

	private static final String STREAM_TAG = "RequenceStream";

	private static final int MAX = 100;

	/**
	 * Return what a value refers to.
	 * @param value the value
	 * @return the references, of very many the first ones
	 */
	static List<PayloadReference> in(JsonNode value) {
		List<PayloadReference> found = new ArrayList<>();
		visit(value, JsonPointer.empty(), (at, node) -> {
			PayloadReference reference = of(at, node);
			if (reference != null && found.size() < MAX) {
				found.add(reference);
			}
		});
		return found;
	}

	/**
	 * Visit all objects that look like references.
	 * @param value where to look
	 * @param at where the value is
	 * @param visitor told of each
	 */
	static void visit(JsonNode value, JsonPointer at, Visitor visitor) {
		if (value.isObject() && value.path(TAG).isString()) {
			visitor.visit(at, value);
		}
		else if (value.isObject()) {
			value.properties()
				.forEach((property) -> visit(property.getValue(), at.appendProperty(property.getKey()), visitor));
		}
		else if (value.isArray()) {
			for (int i = 0; i < value.size(); i++) {
				visit(value.get(i), at.appendIndex(i), visitor);
			}
		}
	}

	static boolean isStream(JsonNode node) {
		return STREAM_TAG.equals(node.path(TAG).asString(""));
	}

	private static @Nullable PayloadReference of(JsonPointer at, JsonNode node) {
		Kind kind = switch (node.path(TAG).stringValue()) {
			case "RequenceFile" -> Kind.FILE;
			case STREAM_TAG -> Kind.STREAM;
			case "ClaimCheck" -> Kind.LARGE;
			default -> null;
		};
		if (kind == null || !node.path("url").isString()) {
			return null;
		}
		JsonNode size = node.path("size");
		String mime = node.path("mime").isString() ? BoardText.name(node.path("mime").stringValue()) : null;
		ContentKind content = ContentKind.of(mime);
		return new PayloadReference(at.toString(), kind, mime, size.canConvertToLong() ? size.longValue() : null,
				kind == Kind.FILE && content == ContentKind.IMAGE, content == ContentKind.TEXT);
	}

	enum Kind {

		FILE, STREAM, LARGE

	}

	/**
	 * Told of references.
	 */
	interface Visitor {

		void visit(JsonPointer at, JsonNode node);

	}

}
