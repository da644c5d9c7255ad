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

import org.springframework.core.io.AbstractResource;
import org.springframework.core.io.InputStreamSource;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * A file in a payload. The content is stored elsewhere and fetched each time it is read.
 * To get it, use this type in the type that is passed to {@link TaskPayload#as(Class)}.
 * In the input of a new task the file is passed on without being fetched.
 */
@JsonSerialize(using = TaskReferenceSerializers.File.class)
public final class TaskFile extends AbstractResource {

	private final URI url;

	private final String mimeType;

	private final long size;

	private final InputStreamSource content;

	/**
	 * Create a file.
	 * @param url where it is
	 * @param mimeType its type
	 * @param size its size in bytes
	 * @param content opens it
	 */
	public TaskFile(URI url, String mimeType, long size, InputStreamSource content) {
		Assert.notNull(url, "'url' must not be null");
		Assert.hasText(mimeType, "'mimeType' must not be empty");
		Assert.isTrue(size >= 0, "'size' must not be negative");
		this.url = url;
		this.mimeType = mimeType;
		this.size = size;
		this.content = content;
	}

	/**
	 * Return the type of the file, such as {@code image/png}.
	 * @return the type that the platform states
	 */
	public String mimeType() {
		return this.mimeType;
	}

	@Override
	public URI getURI() {
		return this.url;
	}

	@Override
	public boolean exists() {
		// Known only after reading
		return true;
	}

	@Override
	public long contentLength() {
		return this.size;
	}

	@Override
	public long lastModified() {
		return 0;
	}

	@Override
	public @Nullable String getFilename() {
		String path = this.url.getPath();
		String name = (path != null) ? StringUtils.getFilename(path) : null;
		return StringUtils.hasLength(name) ? name : null;
	}

	/**
	 * Fetch the file. To be closed by the caller.
	 * @return the content, of exactly {@link #contentLength()} bytes: reading fails at
	 * the end if there are fewer or more
	 * @throws TaskReferenceException if it cannot be fetched
	 */
	@Override
	public InputStream getInputStream() throws IOException {
		return this.content.getInputStream();
	}

	@Override
	public String getDescription() {
		return "task file [" + this.mimeType + ", " + this.size + " bytes]";
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof TaskFile that && this.url.equals(that.url)
				&& this.mimeType.equals(that.mimeType) && this.size == that.size);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.url, this.mimeType, this.size);
	}

}
