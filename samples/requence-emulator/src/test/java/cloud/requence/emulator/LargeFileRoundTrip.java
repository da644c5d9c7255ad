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
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends a large file and a long stream to an emulator and fetches them again, all in one
 * process.
 */
final class LargeFileRoundTrip {

	private LargeFileRoundTrip() {
	}

	/**
	 * Run.
	 * @param args how many megabytes
	 */
	public static void main(String[] args) throws Exception {
		long size = Long.parseLong(args[0]) * 1024 * 1024;
		try (RequenceEmulator emulator = RequenceEmulator.builder().maxFileSize(size).build().start()) {
			FileClient client = new FileClient(emulator);
			fetch(client, post(client, client.uploadUrl(), size), size);
			String stream = post(client, client.streamUrl(), 0);
			int status = client.post(stream, BodyPublishers.ofInputStream(() -> new Numbers(size))).statusCode();
			check(status == 204, "The stream was refused: " + status);
			fetch(client, stream, size);
			try (InputStream content = new Numbers(size)) {
				fetch(client, emulator.files().store(content, "a/b").url(), size);
			}
		}
	}

	private static String post(FileClient client, String url, long size) throws Exception {
		JsonNode answer = JsonMapper.shared()
			.readTree(client.post(url, BodyPublishers.ofInputStream(() -> new Numbers(size))).body());
		check(answer.path("size").asLong(size) == size, "This is not what was sent: " + answer);
		return answer.path("url").asString();
	}

	private static void fetch(FileClient client, String url, long size) throws Exception {
		byte[] expected = new byte[64 * 1024];
		try (InputStream body = client.open(url).body(); InputStream numbers = new Numbers(size)) {
			byte[] buffer = body.readNBytes(expected.length);
			while (buffer.length > 0) {
				numbers.readNBytes(expected, 0, buffer.length);
				check(Arrays.equals(buffer, 0, buffer.length, expected, 0, buffer.length), "This is not what was sent");
				buffer = body.readNBytes(expected.length);
			}
			check(numbers.read() < 0, "Something is missing");
		}
	}

	private static void check(boolean condition, String message) {
		if (!condition) {
			throw new IllegalStateException(message);
		}
	}

	/**
	 * Bytes that do not repeat themselves for a while.
	 */
	private static final class Numbers extends InputStream {

		private final long size;

		private long position;

		private Numbers(long size) {
			this.size = size;
		}

		@Override
		public int read() {
			if (this.position == this.size) {
				return -1;
			}
			long next = this.position++;
			return (int) (next ^ (next >>> 8) ^ (next >>> 16)) & 0xFF;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			int count = (int) Math.min(length, this.size - this.position);
			for (int i = 0; i < count; i++) {
				bytes[offset + i] = (byte) read();
			}
			return (count > 0 || length == 0) ? count : -1;
		}

	}

}
