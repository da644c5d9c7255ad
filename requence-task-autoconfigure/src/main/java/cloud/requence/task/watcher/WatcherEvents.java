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

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcherEvent;

/**
 * Publishes the events of a watcher on a thread of their own: a listener that is slow or
 * throws holds up neither the connection nor the updates.
 */
final class WatcherEvents {

	private static final Log logger = LogFactory.getLog(WatcherEvents.class);

	private static final int MAX_WAITING = 1000;

	private final Consumer<TaskWatcherEvent> publisher;

	private final ExecutorService executor;

	private volatile @Nullable Thread thread;

	WatcherEvents(ThreadFactory threads, Consumer<TaskWatcherEvent> publisher) {
		this.publisher = publisher;
		// Events report states: an outdated event may be dropped
		this.executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING),
				(task) -> {
					Thread created = threads.newThread(task);
					this.thread = created;
					return created;
				}, new ThreadPoolExecutor.DiscardOldestPolicy());
	}

	void publish(TaskWatcherEvent event) {
		try {
			this.executor.execute(() -> publishNow(event));
		}
		// The reporter of a state must not be affected by it
		catch (Throwable ex) {
			logger.debug("An event was not published: " + event.getClass().getSimpleName(), ex);
		}
	}

	/**
	 * Publish what is waiting, and end. Does not wait if called by a listener.
	 * @param timeout how long to wait for it
	 */
	void close(Duration timeout) {
		this.executor.shutdown();
		if (Thread.currentThread() == this.thread) {
			return;
		}
		try {
			this.executor.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void publishNow(TaskWatcherEvent event) {
		try {
			this.publisher.accept(event);
		}
		catch (Throwable ex) {
			logger.warn("A listener of " + event.getClass().getSimpleName() + " has failed", ex);
		}
	}

}
