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

package cloud.requence.task.reference;

import java.net.URI;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An object in a payload that refers to a value that is stored elsewhere.
 *
 * @param kind the kind of the value
 * @param url the address of the value
 * @param mimeType its type; empty for a claim check
 * @param size its size; zero for a stream
 */
public record Reference(Kind kind, URI url, String mimeType, long size) {

	private static final String TAG = "__REQUENCE_type";

	/**
	 * Read an object as a reference.
	 * @return the reference; {@code null} if it is data like any other
	 */
	static @Nullable Reference of(JsonNode object) {
		JsonNode tag = object.get(TAG);
		Kind kind = (tag != null && tag.isString()) ? Kind.of(tag.stringValue()) : null;
		return (kind != null) ? of(kind, object) : null;
	}

	private static @Nullable Reference of(Kind kind, JsonNode object) {
		URI url = addressOf(object);
		JsonNode mime = object.path("mime");
		JsonNode size = object.path("size");
		boolean hasMime = mime.isString() && !mime.stringValue().isBlank();
		boolean hasSize = size.isIntegralNumber() && size.canConvertToLong() && size.longValue() >= 0;
		if (url == null || (kind != Kind.CLAIM_CHECK && !hasMime) || (kind != Kind.STREAM && !hasSize)) {
			return null;
		}
		return new Reference(kind, url, hasMime ? mime.stringValue() : "", hasSize ? size.longValue() : 0);
	}

	/**
	 * Return the address in an object.
	 * @param object an object with the member {@code url}
	 * @return the address; {@code null} if there is no usable one
	 */
	public static @Nullable URI addressOf(JsonNode object) {
		JsonNode address = object.path("url");
		return address.isString() ? ReferenceGuard.parse(address.stringValue()) : null;
	}

	/**
	 * Create a reference from the response of the platform to an upload.
	 * @param object the object, which is changed
	 * @param kind the kind of the value
	 * @return the object
	 */
	public static ObjectNode tag(ObjectNode object, Kind kind) {
		return object.put(TAG, kind.tag);
	}

	static boolean isCallback(JsonNode object) {
		JsonNode tag = object.get(TAG);
		return tag != null && tag.isString() && tag.stringValue().equals("RequenceCallback");
	}

	/**
	 * What a reference can stand for.
	 */
	public enum Kind {

		/**
		 * A file.
		 */
		FILE("RequenceFile"),

		/**
		 * A stream of bytes.
		 */
		STREAM("RequenceStream"),

		/**
		 * A value that was too large for a message.
		 */
		CLAIM_CHECK("ClaimCheck");

		private final String tag;

		Kind(String tag) {
			this.tag = tag;
		}

		static @Nullable Kind of(String tag) {
			for (Kind kind : values()) {
				if (kind.tag.equals(tag)) {
					return kind;
				}
			}
			return null;
		}

	}

}
