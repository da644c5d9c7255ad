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

package cloud.requence.task.autoconfigure;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a host whose name has two addresses, the first of which refuses connections,
 * in a JVM of its own that has such names.
 */
@Timeout(120)
class SeveralAddressesTests {

	private static final Map<String, ClientHttpConnectorBuilder<?>> CONNECTORS = Map.of("jdk",
			ClientHttpConnectorBuilder.jdk(), "reactor", ClientHttpConnectorBuilder.reactor(), "jetty",
			ClientHttpConnectorBuilder.jetty());

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jetty" })
	void areTriedOneAfterTheOther(String connector) throws Exception {
		assertThat(request(connector)).contains("Response: ok");
	}

	@ParameterizedTest
	@ValueSource(strings = "jdk")
	void areNamedOnceWhereOnlyTheFirstIsTried(String connector) throws Exception {
		assertThat(request(connector)).contains("Response: none")
			.containsOnlyOnce("could not connect to the first of the 2 addresses of host 'platform.test'");
	}

	private String request(String connector) throws Exception {
		Path hosts = Files.writeString(this.directory.resolve("hosts"),
				"127.0.0.2 platform.test\n127.0.0.1 platform.test\n127.0.0.1 localhost\n");
		File output = this.directory.resolve("output").toFile();
		try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
			Thread thread = new Thread(() -> serve(server), "host");
			thread.setDaemon(true);
			thread.start();
			Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
					"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djdk.net.hosts.file=" + hosts, "-cp",
					System.getProperty("java.class.path"), SeveralAddressesTests.class.getName(), connector,
					"http://platform.test:" + server.getLocalPort() + "/")
				.redirectErrorStream(true)
				.redirectOutput(output)
				.start();
			try {
				assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
			}
			finally {
				process.destroyForcibly();
			}
		}
		return Files.readString(output.toPath());
	}

	private static void serve(ServerSocket server) {
		try (Socket socket = server.accept(); OutputStream out = socket.getOutputStream()) {
			BufferedReader in = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
			String line = in.readLine();
			while (line != null && !line.isEmpty()) {
				line = in.readLine();
			}
			out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII));
			out.flush();
			socket.getInputStream().transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// The test has ended
		}
	}

	/**
	 * Send two requests.
	 * @param arguments the connector, and the address
	 */
	public static void main(String[] arguments) {
		WebClient client = WebClient.builder()
			.clientConnector(
					new SharedStreamConnector(() -> CONNECTORS.get(arguments[0]), HttpClientSettings::defaults).get())
			.build();
		String response = "none";
		for (int i = 0; i < 2 && response.equals("none"); i++) {
			try {
				response = client.get()
					.uri(arguments[1])
					.retrieve()
					.bodyToMono(String.class)
					.block(Duration.ofSeconds(30));
			}
			catch (WebClientRequestException ex) {
				System.out.println(List.of(ex));
			}
		}
		System.out.println("Response: " + response);
		System.exit(0);
	}

}
