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

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

import cloud.requence.task.TaskFile;
import cloud.requence.task.TaskStream;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.InputStreamSource;

/**
 * A file or a stream in a payload.
 *
 * @param at where in the payload it is, as a JSON pointer
 * @param mime its type
 * @param length its length in bytes; {@code null} for a stream
 * @param source fetches it
 */
record TaskContent(String at, String mime, @Nullable Long length, InputStreamSource source) {

	private static final int MAX_NAME = 60;

	static TaskContent of(String at, TaskFile file) {
		return new TaskContent(at, file.mimeType(), file.contentLength(), file);
	}

	static TaskContent of(String at, TaskStream stream) {
		return new TaskContent(at, stream.mimeType(), null, stream);
	}

	/**
	 * Return whether it can be shown as an image. A stream cannot: it may be silent for
	 * long, and would keep one of the browser's few connections.
	 */
	boolean isImage() {
		return this.length != null && ContentKind.of(this.mime) == ContentKind.IMAGE;
	}

	InputStream open() throws IOException {
		return this.source.getInputStream();
	}

	/**
	 * Return a name to save it under, made of where it is: {@code documents-0-scan.png}.
	 */
	String fileName() {
		return fileName(this.at) + ContentKind.extension(this.mime);
	}

	/**
	 * Return a name without an extension, made of something that browsers or tasks say.
	 */
	static String fileName(String text) {
		String name = text.replaceAll("[^\\p{L}\\p{N}]+", "-").replaceAll("^-|-$", "").toLowerCase(Locale.ROOT);
		String shortened = name.substring(Math.max(0, name.length() - MAX_NAME));
		return shortened.isEmpty() ? "file" : shortened;
	}

}
