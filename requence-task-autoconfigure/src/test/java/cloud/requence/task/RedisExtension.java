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
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.awaitility.Awaitility.await;

/**
 * Gives tests a Redis server, one for all of them. Where there is no
 * {@code redis-server}, they are skipped; with the environment variable {@code CI=true}
 * they fail.
 */
public final class RedisExtension implements ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(RedisExtension.class);

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == RedisConnectionFactory.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return context.getRoot()
			.getStore(NAMESPACE)
			.computeIfAbsent(Server.class, (key) -> new Server(), Server.class).connections;
	}

	/**
	 * The server, as long as there are tests.
	 */
	private static final class Server implements AutoCloseable {

		private final Process process;

		private final LettuceConnectionFactory connections;

		Server() {
			try {
				int port = freePort();
				Path directory = Files.createTempDirectory("redis");
				this.process = new ProcessBuilder(List.of("redis-server", "--port", String.valueOf(port), "--bind",
						"127.0.0.1", "--save", "", "--dir", directory.toString()))
					.redirectOutput(ProcessBuilder.Redirect.DISCARD)
					.redirectError(ProcessBuilder.Redirect.DISCARD)
					.start();
				await().atMost(Duration.ofSeconds(30)).until(() -> accepts(port));
				this.connections = new LettuceConnectionFactory("127.0.0.1", port);
				this.connections.afterPropertiesSet();
				this.connections.start();
			}
			catch (IOException ex) {
				throw "true".equals(System.getenv("CI")) ? new UncheckedIOException(ex)
						: new TestAbortedException("There is no redis-server");
			}
		}

		private static int freePort() throws IOException {
			try (ServerSocket socket = new ServerSocket(0)) {
				return socket.getLocalPort();
			}
		}

		private static boolean accepts(int port) {
			try (Socket socket = new Socket()) {
				socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
				return true;
			}
			catch (IOException ex) {
				return false;
			}
		}

		@Override
		public void close() {
			this.connections.destroy();
			this.process.destroyForcibly();
		}

	}

}
