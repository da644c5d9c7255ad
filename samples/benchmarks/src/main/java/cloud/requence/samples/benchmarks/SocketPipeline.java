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

package cloud.requence.samples.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The limit: bytes from a socket, cut at empty lines, the strings of the envelope by
 * Jackson's parser, payloads copied and kept until the next one. No HTTP to speak of, no
 * context, no delivery, no events.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class SocketPipeline {

	private static final byte[] REQUEST = "POST /task/watch-all HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

	private final Probe probe;

	private final JsonFactory factory = new JsonFactory();

	SocketPipeline(Probe probe) {
		this.probe = probe;
	}

	@Bean
	SmartLifecycle stream(Environment environment) {
		URI address = URI.create(environment.getRequiredProperty("benchmark.address"));
		return new Background(() -> {
			try (Socket socket = new Socket(address.getHost(), address.getPort())) {
				socket.getOutputStream().write(REQUEST);
				InputStream in = socket.getInputStream();
				read(in);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	private void read(InputStream in) throws IOException {
		byte[] buffer = new byte[256 * 1024];
		int end = 0;
		int scanned = 0;
		boolean inHead = true;
		for (int count = in.read(buffer); count >= 0; count = in.read(buffer, end, buffer.length - end)) {
			end += count;
			int start = 0;
			for (; scanned < end - 1; scanned++) {
				if (inHead && buffer[scanned] == '\n' && buffer[scanned + 1] == '\r') {
					inHead = false;
					start = scanned + 3;
				}
				else if (!inHead && buffer[scanned] == '\n' && buffer[scanned + 1] == '\n') {
					event(buffer, start, scanned);
					start = scanned + 2;
				}
			}
			System.arraycopy(buffer, start, buffer, 0, end - start);
			end -= start;
			scanned = Math.max(0, end - 1);
		}
	}

	void event(byte[] bytes, int start, int end) throws IOException {
		long position = 0;
		int at = start + "id: ".length();
		for (; bytes[at] != '\n'; at++) {
			position = position * 10 + bytes[at] - '0';
		}
		at += "\nevent: ".length();
		while (bytes[at] != '\n') {
			at++;
		}
		at += "\ndata: ".length();
		try (JsonParser parser = this.factory.createParser(ObjectReadContext.empty(), bytes, at, end - at)) {
			parser.nextToken();
			for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
				if (token == JsonToken.START_OBJECT && !"node".equals(parser.currentName())) {
					int from = at + (int) parser.currentTokenLocation().getByteOffset();
					parser.skipChildren();
					this.probe
						.keep(Arrays.copyOfRange(bytes, from, at + (int) parser.currentLocation().getByteOffset()));
				}
				else if (token == JsonToken.VALUE_STRING) {
					this.probe.keep(parser.getString());
				}
			}
		}
		this.probe.received(position);
	}

}
