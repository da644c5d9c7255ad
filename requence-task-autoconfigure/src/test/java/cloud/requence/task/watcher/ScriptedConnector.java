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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.StreamConnection;
import cloud.requence.task.stream.StreamConnector;
import cloud.requence.task.stream.StreamListener;
import cloud.requence.task.stream.StreamRequest;

/**
 * A connector whose connections do what a test tells them.
 */
final class ScriptedConnector implements StreamConnector {

	private final List<ScriptedConnection> connections = new ArrayList<>();

	private @Nullable RuntimeException failure;

	private @Nullable Error requestFailure;

	@Override
	public StreamConnection connect(StreamRequest request, StreamListener listener) {
		if (this.failure != null) {
			throw this.failure;
		}
		ScriptedConnection connection = new ScriptedConnection(request, listener, () -> this.requestFailure);
		this.connections.add(connection);
		return connection;
	}

	/**
	 * Let no connection be read.
	 */
	void failRequestsWith(@Nullable Error failure) {
		this.requestFailure = failure;
	}

	void failWith(@Nullable RuntimeException failure) {
		this.failure = failure;
	}

	int attempts() {
		return this.connections.size();
	}

	ScriptedConnection last() {
		return this.connections.get(this.connections.size() - 1);
	}

	ScriptedConnection get(int index) {
		return this.connections.get(index);
	}

	long open() {
		return this.connections.stream().filter((connection) -> !connection.isClosed()).count();
	}

	static final class ScriptedConnection implements StreamConnection {

		private final StreamRequest request;

		private final StreamListener listener;

		private final Supplier<@Nullable Error> failure;

		private long requested;

		private boolean closed;

		ScriptedConnection(StreamRequest request, StreamListener listener, Supplier<@Nullable Error> failure) {
			this.failure = failure;
			this.request = request;
			this.listener = listener;
		}

		StreamRequest request() {
			return this.request;
		}

		void open() {
			this.listener.onOpen();
		}

		void send(String text) {
			this.requested--;
			this.listener.onBytes(List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
		}

		void sendUpdate(long position) {
			send(update(position));
		}

		void sendUpdate(long position, Instant timestamp) {
			send(update(position).replace("\"taskId\"", "\"timestamp\":\"" + timestamp + "\",\"taskId\""));
		}

		void end() {
			this.closed = true;
			this.listener.onClosed(null);
		}

		void fail(ConnectionFailure failure) {
			this.closed = true;
			this.listener.onClosed(failure);
		}

		long requested() {
			return this.requested;
		}

		boolean isClosed() {
			return this.closed;
		}

		@Override
		public void request(long buffers) {
			Error error = this.failure.get();
			if (error != null) {
				throw error;
			}
			this.requested += buffers;
		}

		@Override
		public void close() {
			this.closed = true;
		}

		static String update(long position) {
			return "id: " + position + "\nevent: nodeStart\ndata: {\"taskId\":\"t-1\",\"updateId\":\"u-" + position
					+ "\",\"node\":{\"id\":\"n-1\",\"type\":\"service\",\"alias\":\"scan\"}}\n\n";
		}

	}

}
