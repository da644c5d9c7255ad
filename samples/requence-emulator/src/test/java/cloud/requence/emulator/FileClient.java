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

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of the file service, without a token.
 */
final class FileClient {

	private final HttpClient client = HttpClient.newHttpClient();

	private final JsonMapper mapper = JsonMapper.builder().build();

	private final RequenceEmulator emulator;

	FileClient(RequenceEmulator emulator) {
		this.emulator = emulator;
	}

	/**
	 * Do the first step of creating a task.
	 */
	JsonNode prepare() throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.emulator.baseUrl() + "/task/prepare/invoice"))
			.header("Authorization", "Bearer emulator-secret")
			.POST(BodyPublishers.noBody())
			.build();
		return this.mapper.readTree(this.client.send(request, BodyHandlers.ofString()).body());
	}

	String uploadUrl() throws Exception {
		return prepare().at("/fileUrls/uploadUrl").asString();
	}

	String streamUrl() throws Exception {
		return prepare().at("/fileUrls/streamUrl").asString();
	}

	HttpResponse<String> post(String url, BodyPublisher body, String... headers) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).POST(body);
		if (headers.length > 0) {
			request.headers(headers);
		}
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	/**
	 * Post and expect an answer in JSON.
	 */
	JsonNode postJson(String url, byte[] body, String mime) throws Exception {
		return this.mapper.readTree(post(url, BodyPublishers.ofByteArray(body), "Content-Type", mime).body());
	}

	HttpResponse<byte[]> get(String url) throws Exception {
		return this.client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
	}

	HttpResponse<InputStream> open(String url, String... headers) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
		if (headers.length > 0) {
			request.headers(headers);
		}
		return this.client.send(request.build(), BodyHandlers.ofInputStream());
	}

	/**
	 * Open a stream and ask for frames.
	 */
	HttpResponse<InputStream> openFramed(String url) throws Exception {
		return open(url, "x-requence-stream-protocol", "framed");
	}

	/**
	 * Read the next frame as text, {@code type:payload}.
	 */
	static String frame(InputStream body) throws IOException {
		DataInputStream in = new DataInputStream(body);
		int type = in.readUnsignedByte();
		byte[] payload = in.readNBytes(in.readInt());
		return type + ":" + new String(payload, StandardCharsets.UTF_8);
	}

}
