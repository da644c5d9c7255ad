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

package cloud.requence.task.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JdkStreamConnector}.
 */
@Timeout(60)
class JdkStreamConnectorTests {

	@Test
	void cancellingStopsToReadTheBody() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			CountDownLatch released = new CountDownLatch(1);
			Flux<DataBuffer> endless = Flux
				.<DataBuffer>generate(
						(sink) -> sink.next(DefaultDataBufferFactory.sharedInstance.wrap(new byte[16 * 1024])))
				.doFinally((signal) -> released.countDown());
			Disposable exchange = WebClient.builder()
				.clientConnector(new JdkStreamConnector(HttpClient.newHttpClient()))
				.build()
				.post()
				.uri(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"))
				.body(BodyInserters.fromDataBuffers(endless))
				.exchangeToMono((response) -> response.releaseBody())
				.subscribe();
			try (Socket connection = server.accept(); InputStream in = connection.getInputStream()) {
				readHead(in);
				connection.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
				assertThat(in.readNBytes(100_000)).hasSize(100_000);
				exchange.dispose();
				assertThat(released.await(30, TimeUnit.SECONDS)).isTrue();
			}
		}
	}

	@Test
	void aBodyMayBeEmpty() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Disposable exchange = WebClient.builder()
				.clientConnector(new JdkStreamConnector(HttpClient.newHttpClient()))
				.build()
				.post()
				.uri(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"))
				.body(BodyInserters.fromDataBuffers(Flux.<DataBuffer>empty()))
				.exchangeToMono((response) -> response.releaseBody())
				.subscribe();
			try (Socket connection = server.accept(); InputStream in = connection.getInputStream()) {
				assertThat(readHead(in)).startsWith("POST / HTTP/1.1").containsIgnoringCase("Expect: 100-continue");
				connection.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
				assertThat(in.readNBytes(5)).asString(StandardCharsets.US_ASCII).isEqualTo("0\r\n\r\n");
			}
			finally {
				exchange.dispose();
			}
		}
	}

	@Test
	void theThreadThatReceivesAStreamDecodesIt() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
			Disposable exchange = WebClient.builder()
				.clientConnector(new JdkStreamConnector(HttpClient::newHttpClient,
						(executor) -> HttpClient.newBuilder().executor(executor).build()))
				.build()
				.get()
				.uri(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"))
				.accept(MediaType.TEXT_EVENT_STREAM)
				.exchangeToFlux((response) -> response.body(BodyExtractors.toDataBuffers()))
				.subscribe((buffer) -> threads.add(Thread.currentThread()), (ex) -> {
				});
			try (Socket connection = server.accept(); InputStream in = connection.getInputStream()) {
				readHead(in);
				OutputStream out = connection.getOutputStream();
				out.write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n1".getBytes(StandardCharsets.US_ASCII));
				threads.take();
				for (char next : "23".toCharArray()) {
					out.write(next);
					assertThat(threads.take().getName()).doesNotStartWith("requence-connecting");
				}
			}
			finally {
				exchange.dispose();
			}
		}
	}

	@Test
	void threadsThatConnectInheritNothing() {
		InheritableThreadLocal<String> tenant = new InheritableThreadLocal<>();
		tenant.set("first");
		AtomicReference<Executor> executor = new AtomicReference<>();
		WebClient client = WebClient.builder()
			.clientConnector(new JdkStreamConnector(HttpClient::newHttpClient, (streams) -> {
				executor.set(streams);
				return HttpClient.newBuilder().executor(streams).build();
			}))
			.build();
		// Nothing listens there
		client.get()
			.uri("http://127.0.0.1:1/")
			.accept(MediaType.TEXT_EVENT_STREAM)
			.retrieve()
			.bodyToMono(String.class)
			.onErrorComplete()
			.block();
		String inherited = CompletableFuture.supplyAsync(() -> String.valueOf(tenant.get()), executor.get()).join();
		assertThat(inherited).isEqualTo("null");
	}

	private static String readHead(InputStream in) throws IOException {
		StringBuilder head = new StringBuilder();
		while (!head.toString().endsWith("\r\n\r\n")) {
			head.append((char) in.read());
		}
		return head.toString();
	}

}
