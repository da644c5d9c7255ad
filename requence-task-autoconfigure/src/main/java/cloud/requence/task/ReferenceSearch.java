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

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.InputStreamSource;
import org.springframework.util.StringUtils;

import cloud.requence.task.TaskReferenceException.Reason;
import cloud.requence.task.support.PlatformJson;

/**
 * Finds the references in a payload in one pass, without a tree: its time and its memory
 * depend on the size of the payload only, whatever that contains.
 */
final class ReferenceSearch {

	private static final int MAX_COUNT = 10_000;

	private static final int MAX_PATH_LENGTH = 1024;

	private static final int MAX_SIZE_DIGITS = 18;

	private static final JsonMapper MAPPER = PlatformJson.mapperBuilder().build();

	private final byte[] json;

	private final PayloadReader reader;

	private final List<TaskReference> found = new ArrayList<>();

	private boolean complete = true;

	private @Nullable Place place;

	ReferenceSearch(byte[] json, PayloadReader reader) {
		this.json = json;
		this.reader = reader;
	}

	TaskReferences run() {
		try (JsonParser parser = MAPPER.createParser(new String(this.json, StandardCharsets.UTF_8))) {
			for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
				accept(token, parser);
			}
		}
		catch (JacksonException ex) {
			// Neither message nor cause: both quote values of the payload
			throw new TaskPayloadException("Cannot find the references in a payload of " + this.json.length + " bytes: "
					+ ex.getClass().getSimpleName());
		}
		return new TaskReferences(this.found, this.complete);
	}

	private void accept(JsonToken token, JsonParser parser) {
		Place current = this.place;
		switch (token) {
			case START_OBJECT, START_ARRAY -> {
				if (current != null) {
					current.next(null);
				}
				this.place = new Place(current, token == JsonToken.START_ARRAY, this.found.size());
			}
			case END_OBJECT, END_ARRAY -> {
				if (current != null) {
					end(current);
					this.place = current.parent;
				}
			}
			case PROPERTY_NAME -> {
				if (current != null) {
					current.name = parser.currentName();
				}
			}
			default -> {
				if (current != null) {
					current.next(current.keeps() ? scalar(token, parser) : null);
				}
			}
		}
	}

	private static @Nullable Object scalar(JsonToken token, JsonParser parser) {
		return switch (token) {
			case VALUE_STRING -> parser.getString();
			case VALUE_TRUE -> true;
			case VALUE_FALSE -> false;
			case VALUE_NUMBER_INT ->
				(parser.getStringLength() <= MAX_SIZE_DIGITS) ? Long.valueOf(parser.getLongValue()) : null;
			default -> null;
		};
	}

	/**
	 * What is inside of a reference belongs to it.
	 */
	private void end(Place object) {
		Reference reference = referenceOf(object);
		if (reference == null) {
			return;
		}
		this.found.subList(object.foundBefore, this.found.size()).clear();
		String path = (this.found.size() < MAX_COUNT) ? object.path() : null;
		if (path != null) {
			this.found.add(reference.at(path));
		}
		else {
			this.complete = false;
		}
	}

	/**
	 * An object whose members do not fit its tag is data like any other.
	 */
	private @Nullable Reference referenceOf(Place object) {
		return switch (object.text(ReferenceMarker.MEMBER, "")) {
			case "RequenceFile" -> file(object);
			case "RequenceStream" -> stream(object);
			case "RequenceCallback" -> callback(object);
			case "ClaimCheck" -> largeValue(object);
			default -> null;
		};
	}

	private @Nullable Reference file(Place object) {
		URI url = address(object);
		String mime = object.text("mime", "");
		long size = object.size();
		if (url == null || mime.isBlank() || size < 0) {
			return null;
		}
		TaskFile file = new TaskFile(url, mime, size, content(TaskFile.class,
				Map.of(ReferenceMarker.MEMBER, "RequenceFile", "url", url.toString(), "mime", mime, "size", size)));
		return (path) -> TaskReference.to(path, file);
	}

	private @Nullable Reference stream(Place object) {
		URI url = address(object);
		String mime = object.text("mime", "");
		if (url == null || mime.isBlank()) {
			return null;
		}
		TaskStream stream = new TaskStream(url, mime, content(TaskStream.class,
				Map.of(ReferenceMarker.MEMBER, "RequenceStream", "url", url.toString(), "mime", mime)));
		return (path) -> TaskReference.to(path, stream);
	}

	private static @Nullable Reference callback(Place object) {
		String lifetime = object.text("lifetime");
		if (lifetime == null) {
			return null;
		}
		TaskCallback callback = new TaskCallback(lifetime, object.text("sourceId"), object.text("callbackId"),
				object.text("name"), object.text("nodeId"),
				(object.member("bound") instanceof Boolean bound) ? bound : null, object.text("outputName"),
				object.text("propertyPath"));
		return (path) -> TaskReference.to(path, callback);
	}

	private static @Nullable Reference largeValue(Place object) {
		long size = object.size();
		return (address(object) != null && size >= 0) ? (path) -> TaskReference.toLargeValue(path, size) : null;
	}

	private static @Nullable URI address(Place object) {
		try {
			URI url = new URI(object.text("url", ""));
			return (url.isAbsolute() && !url.isOpaque()) ? url : null;
		}
		catch (URISyntaxException ex) {
			return null;
		}
	}

	/**
	 * The reader knows how to fetch, and is asked when the content is read.
	 */
	private <T extends InputStreamSource> InputStreamSource content(Class<T> type, Map<String, Object> reference) {
		PayloadReader reader = this.reader;
		return () -> {
			try {
				return reader.<T>read(MAPPER.writeValueAsBytes(reference), type).getInputStream();
			}
			catch (TaskPayloadException ex) {
				throw new TaskReferenceException(Reason.NOT_ALLOWED,
						"A reference cannot be fetched: its payload was not received from the platform", ex);
			}
		};
	}

	/**
	 * A reference whose place is not named yet.
	 */
	@FunctionalInterface
	private interface Reference {

		TaskReference at(String path);

	}

	/**
	 * An object or array that has begun, and where in it the search is.
	 */
	private static final class Place {

		private static final Set<String> MEMBERS = Set.of(ReferenceMarker.MEMBER, "url", "mime", "size", "lifetime",
				"sourceId", "callbackId", "name", "nodeId", "bound", "outputName", "propertyPath");

		private final @Nullable Place parent;

		private final boolean array;

		private final int foundBefore;

		private final Map<String, Object> members = new HashMap<>(4);

		private String name = "";

		private int index = -1;

		Place(@Nullable Place parent, boolean array, int foundBefore) {
			this.parent = parent;
			this.array = array;
			this.foundBefore = foundBefore;
		}

		/**
		 * Return whether the next value may belong to a reference.
		 */
		boolean keeps() {
			return !this.array && MEMBERS.contains(this.name);
		}

		/**
		 * Move on to a value. The last one of a name counts.
		 */
		void next(@Nullable Object value) {
			this.index++;
			if (value != null) {
				this.members.put(this.name, value);
			}
			else if (!this.members.isEmpty()) {
				this.members.remove(this.name);
			}
		}

		@Nullable Object member(String member) {
			return this.members.get(member);
		}

		@Nullable String text(String member) {
			return (member(member) instanceof String text) ? text : null;
		}

		String text(String member, String missing) {
			String text = text(member);
			return (text != null) ? text : missing;
		}

		long size() {
			return (member("size") instanceof Long size) ? size : -1;
		}

		/**
		 * Return the JSON pointer of this object.
		 * @return the pointer; {@code null} if it would be too long
		 */
		@Nullable String path() {
			List<String> parts = new ArrayList<>();
			int length = 0;
			for (Place outer = this.parent; outer != null; outer = outer.parent) {
				String part = outer.array ? Integer.toString(outer.index) : outer.name;
				length += 1 + part.length();
				if (length > MAX_PATH_LENGTH) {
					return null;
				}
				parts.add(part);
			}
			StringBuilder path = new StringBuilder(length);
			for (int i = parts.size() - 1; i >= 0; i--) {
				path.append('/').append(escape(parts.get(i)));
			}
			return path.toString();
		}

		private static String escape(String part) {
			return StringUtils.replace(StringUtils.replace(part, "~", "~0"), "/", "~1");
		}

	}

}
