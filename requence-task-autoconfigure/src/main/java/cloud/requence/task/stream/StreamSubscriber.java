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
import reactor.core.publisher.BaseSubscriber;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * Passes the signals of an exchange on to a {@link StreamListener} until it is closed.
 */
final class StreamSubscriber extends BaseSubscriber<DataBuffer> implements StreamConnection {

	private static final Log logger = LogFactory.getLog(StreamSubscriber.class);

	/*
	 * A failure after the end is no news: some clients report that an exchange was
	 * cancelled to whoever has cancelled it. Reactor would log it as an error.
	 */
	private static final Context CONTEXT = Context.of("reactor.onErrorDropped.local",
			(Consumer<Throwable>) (ex) -> logger.debug("A stream that has ended has failed", ex));

	private final StreamListener listener;

	private final FailureTranslator translator;

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
		return CONTEXT;
	}

	@Override
	public void close() {
		this.closed = true;
		cancel();
	}

	@Override
	protected void hookOnSubscribe(Subscription subscription) {
		// The listener asks for what it wants once the stream is open
	}

	@Override
	protected void hookOnNext(DataBuffer bytes) {
		if (this.closed) {
			DataBufferUtils.release(bytes);
		}
		else {
			this.listener.onBytes(bytes);
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
