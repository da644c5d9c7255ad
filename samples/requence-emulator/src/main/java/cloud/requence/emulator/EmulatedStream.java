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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.annotation.JsonValue;
import tools.jackson.databind.node.ObjectNode;

/**
 * A byte stream of which this is the writing end. Readers get what was written so far,
 * and what is written while they read. Written as JSON it becomes its reference, so that
 * it may be put into inputs, data and results as it is.
 * <p>
 * Safe for use by any thread.
 */
public final class EmulatedStream {

	private final String url;

	private final StoredStream stream;

	EmulatedStream(String url, StoredStream stream) {
		this.url = url;
		this.stream = stream;
	}

	/**
	 * Return where the stream can be read, without a token.
	 * @return the address
	 */
	public String url() {
		return this.url;
	}

	/**
	 * Return the media type.
	 * @return the media type
	 */
	public String mime() {
		return this.stream.mime();
	}

	/**
	 * Write some bytes.
	 * @param bytes the bytes
	 * @return this
	 * @throws IllegalStateException if the stream is over
	 */
	public EmulatedStream write(byte[] bytes) {
		try {
			if (!this.stream.write(bytes, bytes.length)) {
				throw new IllegalStateException("The stream is over");
			}
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Write some text as UTF-8.
	 * @param text the text
	 * @return this
	 * @throws IllegalStateException if the stream is over
	 */
	public EmulatedStream write(String text) {
		return write(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * End the stream; does nothing when it is over.
	 * @return this
	 */
	public EmulatedStream end() {
		this.stream.end();
		return this;
	}

	/**
	 * Truncate the stream. Does nothing if it has ended.
	 * @param reason the reason, which is sent to readers of frames
	 * @return this
	 */
	public EmulatedStream truncate(String reason) {
		this.stream.truncate(reason);
		return this;
	}

	/**
	 * Return the JSON object that stands for this stream in a value.
	 * @return a new object, which may be changed to make a bad reference
	 */
	@JsonValue
	public ObjectNode reference() {
		return References.create("RequenceStream", this.url).put("mime", mime());
	}

}
