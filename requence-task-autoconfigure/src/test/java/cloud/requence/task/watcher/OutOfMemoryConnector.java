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

package cloud.requence.task.watcher;

import java.net.http.HttpClient;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpResponseDecorator;

import cloud.requence.task.stream.JdkStreamConnector;

/**
 * A connector that runs out of memory when the thread that delivers asks for more.
 */
final class OutOfMemoryConnector {

	private OutOfMemoryConnector() {
	}

	/**
	 * Create a connector.
	 * @param errors how often it runs out of memory, counted down
	 */
	static ClientHttpConnector create(AtomicInteger errors) {
		JdkStreamConnector jdk = new JdkStreamConnector(HttpClient.newHttpClient());
		return (method, uri, callback) -> jdk.connect(method, uri, callback)
			.map((response) -> new ClientHttpResponseDecorator(response) {

				@Override
				public Flux<DataBuffer> getBody() {
					return super.getBody().doOnRequest((n) -> {
						if (Thread.currentThread().getName().contains("test-delivery")
								&& errors.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
							throw new OutOfMemoryError("Java heap space");
						}
					});
				}

			});
	}

}
