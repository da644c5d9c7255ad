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

package cloud.requence.task.faults;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.http.client.reactive.ClientHttpResponse;
import org.springframework.mock.http.client.reactive.MockClientHttpRequest;
import org.springframework.mock.http.client.reactive.MockClientHttpResponse;

/**
 * The platform without a network: one log of updates, its stream, and acknowledgements.
 */
final class ScriptedPlatform {

	private static final Pattern LAST_POSITION = Pattern.compile("\"lastPosition\":(\\d+)");

	private final RandomGenerator random;

	private final Scheduler network;

	private final Trace trace;

	private final Consumer<String> acknowledgementCheck;

	private final List<ScriptedUpdate> log = new ArrayList<>();

	private final List<Stream> streams = new ArrayList<>();

	private final Set<String> acknowledged = new LinkedHashSet<>();

	private int failures;

	/**
	 * Create a platform.
	 * @param random draws how calls fail
	 * @param failures how many acknowledgements and connections fail
	 * @param network the threads that answer
	 * @param trace what happens
	 * @param acknowledgementCheck called with each task that is acknowledged, before that
	 * is answered
	 */
	ScriptedPlatform(RandomGenerator random, int failures, Scheduler network, Trace trace,
			Consumer<String> acknowledgementCheck) {
		this.random = random;
		this.failures = failures;
		this.network = network;
		this.trace = trace;
		this.acknowledgementCheck = acknowledgementCheck;
	}

	/**
	 * Return what connects an application, until that crashes.
	 */
	ClientHttpConnector connector(BooleanSupplier dead) {
		return (method, uri, callback) -> {
			MockClientHttpRequest request = new MockClientHttpRequest(method, uri);
			return callback.apply(request)
				.then(Mono.defer(() -> request.getBodyAsString()))
				.switchIfEmpty(Mono.just(""))
				.publishOn(this.network)
				.flatMap((body) -> dead.getAsBoolean() ? Mono.error(new IOException("the application has crashed"))
						: answer(uri, body, dead));
		};
	}

	private Mono<ClientHttpResponse> answer(URI uri, String body, BooleanSupplier dead) {
		String path = uri.getPath();
		int ack = path.indexOf("/task/ack/");
		return (ack >= 0) ? acknowledge(path.substring(ack + "/task/ack/".length())) : stream(body, dead);
	}

	private Mono<ClientHttpResponse> acknowledge(String taskId) {
		String failure = failure();
		if (failure.equals("refused")) {
			this.trace.add("refuses to take the acknowledgement of " + taskId);
			return Mono.just(new MockClientHttpResponse(HttpStatus.SERVICE_UNAVAILABLE));
		}
		this.acknowledgementCheck.accept(taskId);
		synchronized (this) {
			this.acknowledged.add(taskId);
		}
		this.trace.add("takes the acknowledgement of " + taskId + ", answer " + failure);
		return failure.equals("lost") ? Mono.error(new IOException("connection reset"))
				: Mono.just(new MockClientHttpResponse(HttpStatus.OK));
	}

	private synchronized String failure() {
		if (this.failures == 0 || this.random.nextInt(4) > 0) {
			return "sent";
		}
		this.failures--;
		return this.random.nextBoolean() ? "refused" : "lost";
	}

	private Mono<ClientHttpResponse> stream(String body, BooleanSupplier dead) {
		Matcher matcher = LAST_POSITION.matcher(body);
		long from = matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
		if (!failure().equals("sent")) {
			this.trace.add("refuses a stream from " + from);
			return Mono.error(new IOException("connection refused"));
		}
		this.trace.add("opens a stream from " + from);
		Stream stream = new Stream(dead);
		synchronized (this) {
			this.streams.add(stream);
			this.log.stream().filter((update) -> update.position() > from).forEach(stream::send);
		}
		MockClientHttpResponse response = new MockClientHttpResponse(HttpStatus.OK);
		response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
		response.setBody(stream.sink.asFlux().publishOn(this.network));
		return Mono.just(response);
	}

	synchronized void send(ScriptedUpdate update) {
		this.log.add(update);
		this.streams.forEach((stream) -> stream.send(update));
	}

	/**
	 * Break all streams.
	 */
	synchronized void cut(boolean orderly) {
		this.trace.add("ends its streams");
		this.streams.forEach((stream) -> stream.end(orderly ? null : new IOException("connection reset")));
		this.streams.clear();
	}

	synchronized void heal() {
		this.failures = 0;
	}

	synchronized Set<String> acknowledged() {
		return Set.copyOf(this.acknowledged);
	}

	/**
	 * One connection.
	 */
	private static final class Stream {

		private final Sinks.Many<DataBuffer> sink = Sinks.many().unicast().onBackpressureBuffer();

		private final BooleanSupplier dead;

		Stream(BooleanSupplier dead) {
			this.dead = dead;
		}

		void send(ScriptedUpdate update) {
			if (!this.dead.getAsBoolean()) {
				this.sink.tryEmitNext(
						DefaultDataBufferFactory.sharedInstance.wrap(update.frame().getBytes(StandardCharsets.UTF_8)));
			}
		}

		void end(@Nullable Throwable failure) {
			if (failure != null) {
				this.sink.tryEmitError(failure);
			}
			else {
				this.sink.tryEmitComplete();
			}
		}

	}

}
