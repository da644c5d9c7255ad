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

import java.util.List;
import java.util.stream.StreamSupport;

import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskReference;
import org.jspecify.annotations.Nullable;

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

	private static final int MAX = 100;

	/**
	 * Return what a payload refers to.
	 * @param payload the payload, of which nothing is fetched
	 * @return the references, of very many the first ones
	 */
	static List<PayloadReference> in(TaskPayload payload) {
		return StreamSupport.stream(payload.references().spliterator(), false)
			.filter((reference) -> reference.kind() != TaskReference.Kind.CALLBACK)
			.limit(MAX)
			.map(PayloadReference::of)
			.toList();
	}

	private static PayloadReference of(TaskReference reference) {
		Kind kind = switch (reference.kind()) {
			case FILE -> Kind.FILE;
			case STREAM -> Kind.STREAM;
			case LARGE_VALUE, CALLBACK -> Kind.LARGE;
		};
		String mime = (reference.mimeType() != null) ? BoundedText.name(reference.mimeType()) : null;
		ContentKind content = ContentKind.of(mime);
		return new PayloadReference(reference.path(), kind, mime, reference.size(),
				kind == Kind.FILE && content == ContentKind.IMAGE, content == ContentKind.TEXT);
	}

	enum Kind {

		FILE, STREAM, LARGE

	}

}
