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
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A response that is written past Jetty: each write reaches the client at once, and it
 * may be interrupted or announce a wrong length. The connection ends with it.
 * <p>
 * It is chunked unless its headers tell a length; each write then is one whole chunk.
 * Jetty would send the end of a chunk together with the next one: clients that read whole
 * chunks, such as Python's, would see each event only when another one comes.
 */
final class RawResponse extends OutputStream {

	private static final String LINE_END = "\r\n";

	private static final byte[] LAST_CHUNK = ascii("0" + LINE_END + LINE_END);

	private final ClientConnection connection;

	private final boolean chunked;

	private RawResponse(ClientConnection connection, boolean chunked) {
		this.connection = connection;
		this.chunked = chunked;
	}

	static RawResponse open(ClientConnection connection, Map<String, String> headers) throws IOException {
		return open(connection, headers, StreamStyle.PLAIN.head());
	}

	static RawResponse open(ClientConnection connection, Map<String, String> headers, StreamStyle.Head style)
			throws IOException {
		boolean chunked = !headers.containsKey("Content-Length") && !style.closeDelimited();
		StringBuilder head = new StringBuilder();
		if (style.earlyHints()) {
			head.append("HTTP/1.1 103 Early Hints").append(LINE_END);
			head.append("Link: </style.css>; rel=preload; as=style").append(LINE_END).append(LINE_END);
		}
		head.append(style.closeDelimited() ? "HTTP/1.0 " : "HTTP/1.1 ").append(style.status()).append(" OK");
		head.append(LINE_END);
		headers.forEach((name, value) -> head.append(name).append(": ").append(value).append(LINE_END));
		if (chunked) {
			head.append("Transfer-Encoding: chunked").append(LINE_END);
		}
		// Jetty does not know this response and could not continue after it.
		head.append("Connection: close").append(LINE_END).append(LINE_END);
		connection.write(ByteBuffer.wrap(ascii(head.toString())));
		return new RawResponse(connection, chunked);
	}

	@Override
	public void write(int value) throws IOException {
		write(new byte[] { (byte) value }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		if (length == 0) {
			return;
		}
		ByteBuffer content = ByteBuffer.wrap(bytes, offset, length);
		if (this.chunked) {
			this.connection.write(ByteBuffer.wrap(ascii(Integer.toHexString(length) + LINE_END)), content,
					ByteBuffer.wrap(ascii(LINE_END)));
		}
		else {
			this.connection.write(content);
		}
	}

	@Override
	public void close() throws IOException {
		if (this.chunked) {
			this.connection.write(ByteBuffer.wrap(LAST_CHUNK));
		}
		this.connection.close(false);
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
