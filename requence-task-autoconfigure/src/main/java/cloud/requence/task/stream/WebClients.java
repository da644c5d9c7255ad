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

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * The clients that talk to the platform, and to hosts of files.
 */
public final class WebClients {

	private static final String PRODUCT = "requence-task-spring-boot";

	private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

	private WebClients() {
	}

	/**
	 * Return a connector that is fit for streams: it follows no redirects, and closes the
	 * connection of what is cancelled.
	 * @return the connector for those who bring none
	 */
	public static ClientHttpConnector standardConnector() {
		return new JdkStreamConnector(() -> standardClient().build(),
				(executor) -> standardClient().executor(executor).build());
	}

	private static HttpClient.Builder standardClient() {
		return HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.followRedirects(HttpClient.Redirect.NEVER)
			.connectTimeout(CONNECT_TIMEOUT);
	}

	/**
	 * Return the client of an application for requests that carry the access token.
	 * @param builder the builder of the application, which is copied
	 * @param connector the connector; {@code null} for that of the builder
	 * @return a client
	 */
	public static WebClient forPlatform(WebClient.Builder builder, @Nullable ClientHttpConnector connector) {
		// Logs of requests would show the token
		return with(builder.clone().codecs((codecs) -> codecs.defaultCodecs().enableLoggingRequestDetails(false)),
				connector);
	}

	/**
	 * Return a client for requests that carry no credentials. It is not the one of the
	 * application, which may add some.
	 * @param connector the connector; {@code null} for that of Spring
	 * @return a client
	 */
	public static WebClient withoutCredentials(@Nullable ClientHttpConnector connector) {
		return with(WebClient.builder(), connector);
	}

	static String userAgent(@Nullable String version) {
		return PRODUCT + "/" + Objects.requireNonNullElse(version, "development");
	}

	private static WebClient with(WebClient.Builder builder, @Nullable ClientHttpConnector connector) {
		builder.defaultHeaders((headers) -> {
			if (!headers.containsHeader(HttpHeaders.USER_AGENT)) {
				headers.set(HttpHeaders.USER_AGENT,
						userAgent(WebClients.class.getPackage().getImplementationVersion()));
			}
		});
		return ((connector != null) ? builder.clientConnector(connector) : builder).build();
	}

}
