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

package cloud.requence.samples.dashboard.payload;

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * What a browser may do with a file whose type has not been checked.
 */
enum ContentKind {

	/**
	 * An image that holds nothing but pixels: it can be shown.
	 */
	IMAGE,

	/**
	 * Its beginning can be shown as plain text. SVG images and HTML pages are of this
	 * kind: they could hold scripts.
	 */
	TEXT,

	/**
	 * It can only be saved.
	 */
	OTHER;

	private static final Set<String> IMAGES = Set.of("image/png", "image/jpeg", "image/gif", "image/webp",
			"image/avif");

	private static final Map<String, String> EXTENSIONS = Map.ofEntries(Map.entry("image/png", ".png"),
			Map.entry("image/jpeg", ".jpg"), Map.entry("image/gif", ".gif"), Map.entry("image/webp", ".webp"),
			Map.entry("image/avif", ".avif"), Map.entry("image/svg+xml", ".svg"), Map.entry("application/pdf", ".pdf"),
			Map.entry("application/json", ".json"), Map.entry("application/xml", ".xml"),
			Map.entry("application/zip", ".zip"), Map.entry("text/csv", ".csv"), Map.entry("text/plain", ".txt"),
			Map.entry("text/html", ".html"), Map.entry("text/xml", ".xml"));

	static ContentKind of(@Nullable String mime) {
		MediaType type = parse(mime);
		if (IMAGES.contains(withoutParameters(type))) {
			return IMAGE;
		}
		String subtype = type.getSubtype();
		boolean text = type.getType().equals("text") || subtype.equals("json") || subtype.equals("xml")
				|| subtype.endsWith("+json") || subtype.endsWith("+xml");
		return text ? TEXT : OTHER;
	}

	/**
	 * Return the type to serve a file with.
	 * @param mime the type that the file is said to have
	 * @return the type of an image, or one that makes browsers do nothing with it
	 */
	static MediaType servedAs(String mime) {
		return (of(mime) == IMAGE) ? MediaType.parseMediaType(withoutParameters(parse(mime)))
				: MediaType.APPLICATION_OCTET_STREAM;
	}

	static String extension(String mime) {
		return EXTENSIONS.getOrDefault(withoutParameters(parse(mime)), ".bin");
	}

	private static String withoutParameters(MediaType type) {
		return type.getType() + "/" + type.getSubtype();
	}

	private static MediaType parse(@Nullable String mime) {
		try {
			return (mime != null) ? MediaType.parseMediaType(mime) : MediaType.APPLICATION_OCTET_STREAM;
		}
		catch (InvalidMediaTypeException ex) {
			return MediaType.APPLICATION_OCTET_STREAM;
		}
	}

}
