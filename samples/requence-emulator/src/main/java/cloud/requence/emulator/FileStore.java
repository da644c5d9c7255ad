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

package cloud.requence.emulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps files and streams in a temporary directory. Safe for use by any thread.
 */
final class FileStore {

	private static final Logger logger = LoggerFactory.getLogger(FileStore.class);

	static final int BUFFER_SIZE = 64 * 1024;

	private final String key = newId();

	private final Map<String, StoredContent> contents = new HashMap<>();

	/** What clients have sent, oldest first; the rest stays until all is cleared. */
	private final Map<String, StoredContent> uploads = new LinkedHashMap<>();

	private final EmulatorLimits limits;

	private long uploadedBytes;

	private @Nullable Path directory;

	private boolean closed;

	FileStore(EmulatorLimits limits) {
		this.limits = limits;
	}

	/**
	 * Return what has to be known to upload.
	 */
	String key() {
		return this.key;
	}

	/**
	 * Return the id at the end of an address.
	 */
	static String id(String url) {
		return url.substring(url.lastIndexOf('/') + 1);
	}

	synchronized @Nullable StoredContent find(String id) {
		return this.contents.get(id);
	}

	/**
	 * Save a file until all is cleared.
	 */
	StoredFile save(InputStream content, String mime) throws IOException {
		Path parent = directory();
		StoredFile file = write(parent, content, mime, Long.MAX_VALUE);
		add(file, parent);
		return file;
	}

	/**
	 * Save a file that may have to make room for later ones.
	 * @return the file, or {@code null} if it is larger than the limit
	 */
	@Nullable StoredFile upload(InputStream content, String mime, long limit) throws IOException {
		Path parent = directory();
		StoredFile file = write(parent, content, mime, limit);
		if (file.size() > limit) {
			Files.delete(file.path());
			return null;
		}
		add(file, parent);
		addUpload(file, file.size());
		return file;
	}

	private static StoredFile write(Path parent, InputStream content, String mime, long limit) throws IOException {
		String id = newId();
		Path path = parent.resolve(id);
		try (OutputStream out = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)) {
			return new StoredFile(id, path, mime, copy(content, out, limit));
		}
		catch (IOException ex) {
			Files.deleteIfExists(path);
			throw ex;
		}
	}

	/**
	 * Open a stream for writing, which stays until all is cleared.
	 * @param mime its media type
	 */
	StoredStream open(String mime) throws IOException {
		Path parent = directory();
		String id = newId();
		StoredStream stream = StoredStream.create(id, parent.resolve(id), mime, Long.MAX_VALUE);
		add(stream, parent);
		return stream;
	}

	/**
	 * Open a stream for a client, which may have to make room for later ones.
	 * @param mime its media type
	 * @param limit how many bytes the client may write
	 */
	StoredStream openForUpload(String mime, long limit) throws IOException {
		Path parent = directory();
		String id = newId();
		StoredStream stream = StoredStream.create(id, parent.resolve(id), mime, limit);
		add(stream, parent);
		addUpload(stream, 0);
		return stream;
	}

	/**
	 * Count bytes that a client has written to a stream.
	 */
	synchronized void written(StoredStream stream, long bytes) throws IOException {
		if (this.uploads.containsKey(stream.id())) {
			this.uploadedBytes += bytes;
			enforceLimits(stream);
		}
	}

	private synchronized void addUpload(StoredContent content, long size) throws IOException {
		this.uploads.put(content.id(), content);
		this.uploadedBytes += size;
		enforceLimits(content);
	}

	private void enforceLimits(StoredContent latest) throws IOException {
		Iterator<StoredContent> oldest = this.uploads.values().iterator();
		while ((this.uploads.size() > this.limits.uploads() || this.uploadedBytes > this.limits.uploadedBytes())
				&& oldest.hasNext()) {
			StoredContent content = oldest.next();
			if (content == latest) {
				continue;
			}
			oldest.remove();
			this.contents.remove(content.id());
			if (content instanceof StoredStream stream) {
				stream.truncate("The platform needs the space of the stream");
			}
			this.uploadedBytes -= Files.size(content.path());
			Files.deleteIfExists(content.path());
		}
	}

	/**
	 * Forget everything; streams are interrupted.
	 */
	synchronized void clear() {
		for (StoredContent content : this.contents.values()) {
			if (content instanceof StoredStream stream) {
				stream.truncate("The platform has forgotten the stream");
			}
		}
		this.contents.clear();
		this.uploads.clear();
		this.uploadedBytes = 0;
		Path old = this.directory;
		this.directory = null;
		if (old != null) {
			delete(old);
		}
	}

	synchronized void close() {
		clear();
		this.closed = true;
	}

	private synchronized Path directory() throws IOException {
		if (this.closed) {
			throw new IOException("The file store is closed");
		}
		Path existing = this.directory;
		if (existing == null) {
			existing = Files.createTempDirectory("requence-emulator");
			this.directory = existing;
		}
		return existing;
	}

	private synchronized void add(StoredContent content, Path parent) throws IOException {
		if (!parent.equals(this.directory)) {
			Files.deleteIfExists(content.path());
			throw new IOException("The file store was cleared meanwhile");
		}
		this.contents.put(content.id(), content);
	}

	/**
	 * Copy until the end, or until the limit is exceeded.
	 */
	private static long copy(InputStream content, OutputStream out, long limit) throws IOException {
		byte[] buffer = new byte[BUFFER_SIZE];
		long size = 0;
		int count = content.read(buffer);
		while (count >= 0) {
			size += count;
			if (size > limit) {
				break;
			}
			out.write(buffer, 0, count);
			count = content.read(buffer);
		}
		return size;
	}

	private static void delete(Path directory) {
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : files.toList()) {
				Files.deleteIfExists(file);
			}
			Files.deleteIfExists(directory);
		}
		catch (IOException ex) {
			logger.warn("Some files are left in {}", directory, ex);
		}
	}

	private static String newId() {
		return UUID.randomUUID().toString();
	}

}
