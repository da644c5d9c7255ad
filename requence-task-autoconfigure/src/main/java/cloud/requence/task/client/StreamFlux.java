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

package cloud.requence.task.client;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Schedulers;

import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.ConnectionFailure.Kind;
import cloud.requence.task.stream.RawUpdate;
import cloud.requence.task.stream.StreamConnection;
import cloud.requence.task.stream.StreamConnector;
import cloud.requence.task.stream.StreamFailedException;
import cloud.requence.task.stream.StreamListener;
import cloud.requence.task.stream.StreamRequest;

/**
 * One connection as a flux of the updates of each read, which happens on request.
 */
final class StreamFlux {

	/** How often silence is looked for during the idle timeout. */
	private static final int CHECKS = 10;

	private StreamFlux() {
	}

	/**
	 * Connect for each subscriber.
	 * @param connector connects
	 * @param request the request
	 * @param received decodes the bytes
	 * @param responseTimeout how long to wait for a response
	 * @param idleTimeout how long to wait for the next byte
	 * @return the updates of each read; fails with a {@link StreamFailedException}
	 */
	static Flux<List<RawUpdate>> of(StreamConnector connector, StreamRequest request, ConnectionUpdates received,
			Duration responseTimeout, Duration idleTimeout) {
		return Flux.create((sink) -> {
			AtomicLong lastSign = new AtomicLong(System.nanoTime());
			Disposable timer = Schedulers.parallel()
				.schedule(() -> sink.error(silent("No answer within ", responseTimeout)), responseTimeout.toMillis(),
						TimeUnit.MILLISECONDS);
			long check = Math.max(1, idleTimeout.toMillis() / CHECKS);
			Disposable watchdog = Schedulers.parallel().schedulePeriodically(() -> {
				// Without a request for bytes there is no timeout
				if (sink.requestedFromDownstream() > 0 && System.nanoTime() - lastSign.get() > idleTimeout.toNanos()) {
					sink.error(silent("No byte within ", idleTimeout));
				}
			}, check, check, TimeUnit.MILLISECONDS);
			StreamConnection connection = connector.connect(request, new Listener(sink, received, timer, lastSign));
			sink.onDispose(() -> {
				timer.dispose();
				watchdog.dispose();
				connection.close();
			});
			sink.onRequest((count) -> {
				lastSign.set(System.nanoTime());
				connection.request(count);
			});
		});
	}

	private static StreamFailedException silent(String problem, Duration timeout) {
		return new StreamFailedException(new ConnectionFailure(Kind.SILENT, problem + timeout.toMillis() + " ms"));
	}

	/**
	 * Passes on the events of a connection.
	 *
	 * @param sink where to
	 * @param received decodes the bytes
	 * @param timer ends the connection if there is no response
	 * @param lastSign when bytes were last received or requested
	 */
	private record Listener(FluxSink<List<RawUpdate>> sink, ConnectionUpdates received, Disposable timer,
			AtomicLong lastSign) implements StreamListener {

		@Override
		public void onOpen() {
			this.timer.dispose();
			this.lastSign.set(System.nanoTime());
		}

		@Override
		public void onBytes(List<ByteBuffer> bytes) {
			this.lastSign.set(System.nanoTime());
			List<RawUpdate> updates;
			try {
				updates = this.received.read(bytes);
			}
			catch (Throwable ex) {
				this.sink.error(ex);
				return;
			}
			this.sink.next(updates);
		}

		@Override
		public void onClosed(@Nullable ConnectionFailure failure) {
			if (failure != null) {
				this.sink.error(new StreamFailedException(failure));
			}
			else {
				this.sink.complete();
			}
		}

	}

}
