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

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The platform's file service: files, byte streams and claim checks. The content can be
 * fetched over HTTP by every client that knows the address; it is kept on disk, until the
 * emulator is cleared or closed. Addresses are random and differ in each run.
 * <p>
 * Safe for use by any thread. The emulator must have been started, as addresses hold its
 * port.
 */
public final class EmulatedFiles {

	private final FileStore store;

	private final JsonMapper mapper;

	private final Supplier<URI> baseUrl;

	private final int claimCheckLimit;

	/**
	 * Create an empty service.
	 * @param store keeps what is stored
	 * @param mapper writes values
	 * @param baseUrl gives the address of the API
	 * @param claimCheckLimit the size in bytes above which {@link #limited} stores values
	 */
	EmulatedFiles(FileStore store, JsonMapper mapper, Supplier<URI> baseUrl, int claimCheckLimit) {
		this.store = store;
		this.mapper = mapper;
		this.baseUrl = baseUrl;
		this.claimCheckLimit = claimCheckLimit;
	}

	/**
	 * Store a file of any size.
	 * @param content its bytes
	 * @param mime its media type
	 * @return the file
	 */
	public EmulatedFile store(byte[] content, String mime) {
		return store(new ByteArrayInputStream(content), mime);
	}

	/**
	 * Store a file of any size.
	 * @param content its bytes; read to the end, not closed
	 * @param mime its media type
	 * @return the file
	 * @throws UncheckedIOException if it cannot be read or stored
	 */
	public EmulatedFile store(InputStream content, String mime) {
		try {
			StoredFile file = this.store.save(content, mime);
			return new EmulatedFile(url(file.id()), mime, file.size());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Open a byte stream.
	 * @param mime its media type
	 * @return the stream, empty so far
	 */
	public EmulatedStream stream(String mime) {
		try {
			StoredStream stream = this.store.open(mime);
			stream.take();
			return new EmulatedStream(url(stream.id()), stream);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Store a JSON value.
	 * @param value the value; may hold files, streams and further claim checks
	 * @return what stands for it
	 */
	public EmulatedClaimCheck claimCheck(@Nullable Object value) {
		return claimCheck(this.mapper.writeValueAsBytes(value));
	}

	/**
	 * Read a file, a value behind a claim check, or what was written to a stream so far,
	 * independent of who has stored it.
	 * @param url its address, as references have it
	 * @return its bytes
	 * @throws UncheckedIOException if there is no such file
	 */
	public byte[] content(String url) {
		try (InputStream content = open(url)) {
			return content.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Read a file, a value behind a claim check, or what was written to a stream so far,
	 * independent of who has stored it.
	 * @param url its address, as references have it
	 * @return its bytes, to be closed
	 * @throws IOException if there is no such file
	 */
	public InputStream open(String url) throws IOException {
		StoredContent content = this.store.find(FileStore.id(url));
		if (content == null) {
			throw new FileNotFoundException("There is no file " + url);
		}
		return Files.newInputStream(content.path());
	}

	/**
	 * Return the value, or what stands for it when it is too large for a message.
	 */
	JsonNode limited(JsonNode value) {
		if (this.claimCheckLimit == Integer.MAX_VALUE || References.isReference(value)) {
			return value;
		}
		byte[] json = this.mapper.writeValueAsBytes(value);
		return (json.length > this.claimCheckLimit) ? claimCheck(json).reference() : value;
	}

	private EmulatedClaimCheck claimCheck(byte[] json) {
		EmulatedFile file = store(json, "application/json");
		return new EmulatedClaimCheck(file.url(), file.size());
	}

	private String url(String id) {
		return this.baseUrl.get() + FileCalls.PATH + id;
	}

}
