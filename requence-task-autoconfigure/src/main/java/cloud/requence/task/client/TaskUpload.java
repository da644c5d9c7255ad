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

package cloud.requence.task.client;

import java.io.IOException;
import java.io.InputStream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.util.Assert;
import org.springframework.util.MimeType;

/**
 * A file or a stream in the input of a new task, with its type. Without a type it is
 * derived from the name of a resource, and is {@code application/octet-stream} if that is
 * not possible.
 */
public final class TaskUpload {

	private static final Log logger = LogFactory.getLog(TaskUpload.class);

	private final @Nullable Resource file;

	private final @Nullable InputStream stream;

	private final MimeType mimeType;

	private TaskUpload(@Nullable Resource file, @Nullable InputStream stream, MimeType mimeType) {
		Assert.notNull(mimeType, "'mimeType' must not be null");
		this.file = file;
		this.stream = stream;
		this.mimeType = mimeType;
	}

	/**
	 * Upload a file.
	 * @param file the file, read once, before the task is created
	 * @param mimeType its type
	 * @return the upload
	 */
	public static TaskUpload of(Resource file, MimeType mimeType) {
		Assert.notNull(file, "'file' must not be null");
		return new TaskUpload(file, null, mimeType);
	}

	/**
	 * Send a stream, which the task can read while it is written.
	 * @param stream the stream, read while the task runs; closed when it is sent, and
	 * also if the task cannot be created
	 * @param mimeType the type of its content
	 * @return the upload
	 */
	public static TaskUpload of(InputStream stream, MimeType mimeType) {
		Assert.notNull(stream, "'stream' must not be null");
		return new TaskUpload(null, stream, mimeType);
	}

	static TaskUpload of(Resource file) {
		return of(file, MediaTypeFactory.getMediaType(file).orElse(MediaType.APPLICATION_OCTET_STREAM));
	}

	static TaskUpload of(InputStream stream) {
		return of(stream, MediaType.APPLICATION_OCTET_STREAM);
	}

	/**
	 * Return the file.
	 */
	@Nullable Resource file() {
		return this.file;
	}

	/**
	 * Return the stream.
	 */
	@Nullable InputStream stream() {
		return this.stream;
	}

	/**
	 * Close the stream, if this is one.
	 */
	void closeStream() {
		if (this.stream != null) {
			try {
				this.stream.close();
			}
			catch (IOException ex) {
				logger.debug("A stream that is not sent could not be closed", ex);
			}
		}
	}

	MimeType mimeType() {
		return this.mimeType;
	}

	@Override
	public String toString() {
		return "task upload [" + this.mimeType + "]";
	}

}
