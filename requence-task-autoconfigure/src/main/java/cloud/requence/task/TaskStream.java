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

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonSerialize;

import org.springframework.core.io.InputStreamSource;
import org.springframework.util.Assert;

/**
 * A stream of bytes in a payload. The content is stored elsewhere and may still be
 * written while it is read. To get it, use this type in the type that is passed to
 * {@link TaskPayload#as(Class)}. In the input of a new task the stream is passed on
 * without being read.
 * <p>
 * It is fetched when it is first read, and must be closed afterwards. Reading fails with
 * a {@link TaskStreamTruncatedException} if the stream does not end normally. Not safe
 * for use by several threads; {@link #getInputStream()} returns an independent stream for
 * each.
 */
@JsonSerialize(using = TaskReferenceSerializers.Stream.class)
public final class TaskStream extends InputStream implements InputStreamSource {

	private final URI url;

	private final String mimeType;

	private final InputStreamSource content;

	private @Nullable InputStream open;

	private boolean closed;

	/**
	 * Create a stream.
	 * @param url where it is
	 * @param mimeType the type of its content
	 * @param content opens it
	 */
	public TaskStream(URI url, String mimeType, InputStreamSource content) {
		Assert.notNull(url, "'url' must not be null");
		Assert.hasText(mimeType, "'mimeType' must not be empty");
		this.url = url;
		this.mimeType = mimeType;
		this.content = content;
	}

	/**
	 * Return where the stream is.
	 * @return the address
	 */
	public URI url() {
		return this.url;
	}

	/**
	 * Return the type of the content, such as {@code text/csv}.
	 * @return the type that the platform states
	 */
	public String mimeType() {
		return this.mimeType;
	}

	/**
	 * Read the stream from its beginning, independent of the position of this object. To
	 * be closed by the caller.
	 * @return the content; reading fails with a {@link TaskStreamTruncatedException} if
	 * the stream does not end normally
	 * @throws TaskReferenceException if it cannot be read
	 */
	@Override
	public InputStream getInputStream() throws IOException {
		return this.content.getInputStream();
	}

	@Override
	public int read() throws IOException {
		return open().read();
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		return open().read(bytes, offset, length);
	}

	private InputStream open() throws IOException {
		if (this.closed) {
			throw new IOException("The stream is closed");
		}
		InputStream stream = this.open;
		if (stream == null) {
			stream = this.content.getInputStream();
			this.open = stream;
		}
		return stream;
	}

	@Override
	public void close() throws IOException {
		this.closed = true;
		if (this.open != null) {
			this.open.close();
		}
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof TaskStream that && this.url.equals(that.url)
				&& this.mimeType.equals(that.mimeType));
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.url, this.mimeType);
	}

	@Override
	public String toString() {
		return "task stream [" + this.mimeType + "]";
	}

}
