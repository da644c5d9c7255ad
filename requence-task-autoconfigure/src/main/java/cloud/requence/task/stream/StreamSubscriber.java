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

import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Passes the signals of an exchange on to a {@link StreamListener} until it is closed.
 */
final class StreamSubscriber extends BaseSubscriber<ReceivedBytes> implements StreamConnection {

	private static final Log logger = LogFactory.getLog(StreamSubscriber.class);

	private final StreamListener listener;

	private final FailureTranslator translator;

	/**
	 * Closes the connection itself. A response that crosses the cancellation gets lost
	 * between two operators, and with it any other way to its connection.
	 */
	private final Disposable.Swap connection = Disposables.swap();

	/*
	 * A failure after the end is no news: some clients report that an exchange was
	 * cancelled to the one that has cancelled it. Reactor would log it as an error.
	 */
	private final Context context = Context
		.of("reactor.onErrorDropped.local",
				(Consumer<Throwable>) (ex) -> logger.debug("A stream that has ended has failed", ex))
		.put(StreamSubscriber.class, this.connection);

	private volatile boolean closed;

	StreamSubscriber(StreamListener listener, FailureTranslator translator) {
		this.listener = listener;
		this.translator = translator;
	}

	void opened() {
		if (!this.closed) {
			this.listener.onOpen();
		}
	}

	@Override
	public Context currentContext() {
		return this.context;
	}

	@Override
	public void close() {
		this.closed = true;
		cancel();
		this.connection.dispose();
	}

	/**
	 * Close a connection when the stream that it was opened for is closed.
	 * @param context the context of the request
	 * @param connection closes the connection
	 */
	static void closeWithStream(ContextView context, Disposable connection) {
		if (context.getOrDefault(StreamSubscriber.class, null) instanceof Disposable.Swap stream) {
			stream.update(connection);
		}
	}

	@Override
	protected void hookOnSubscribe(Subscription subscription) {
		// The listener asks for what it wants once the stream is open
	}

	@Override
	protected void hookOnNext(ReceivedBytes bytes) {
		if (this.closed) {
			bytes.release();
		}
		else {
			bytes.passTo(this.listener);
		}
	}

	@Override
	protected void hookOnComplete() {
		if (!this.closed) {
			this.listener.onClosed(null);
		}
	}

	@Override
	protected void hookOnError(Throwable error) {
		if (!this.closed) {
			this.listener.onClosed(this.translator.translate(error));
		}
	}

}
