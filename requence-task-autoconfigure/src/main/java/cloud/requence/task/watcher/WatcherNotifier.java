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
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateFailedEvent;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherCaughtUpEvent;
import cloud.requence.task.TaskWatcherConnectedEvent;
import cloud.requence.task.TaskWatcherErrorEvent;
import cloud.requence.task.TaskWatcherEvent;
import cloud.requence.task.TaskWatcherGapEvent;
import cloud.requence.task.TaskWatcherIdleEvent;
import cloud.requence.task.TaskWatcherNoLongerIdleEvent;
import cloud.requence.task.TaskWatcherReconnectingEvent;
import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.TaskWatcherStoppedEvent;
import cloud.requence.task.TaskWatcherStoppedEvent.Reason;
import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.ConnectionFailure.Kind;
import cloud.requence.task.support.LogText;

/**
 * Publishes the events of a watcher.
 */
final class WatcherNotifier implements StreamEvents {

	private static final Log logger = LogFactory.getLog(WatcherNotifier.class);

	private final TaskWatcher watcher;

	private final ApplicationEventPublisher publisher;

	private final Consumer<Reason> onStop;

	// Those of the present run, if there is one
	private volatile @Nullable WatcherEvents events;

	WatcherNotifier(TaskWatcher watcher, ApplicationEventPublisher publisher, Consumer<Reason> onStop) {
		this.watcher = watcher;
		this.publisher = publisher;
		this.onStop = onStop;
	}

	WatcherEvents newEvents(ThreadFactory threads) {
		return new WatcherEvents(threads, this.publisher::publishEvent);
	}

	void use(@Nullable WatcherEvents events) {
		this.events = events;
	}

	@Override
	public void connected(Duration outage, int attempts, boolean afterRefusal) {
		publish(new TaskWatcherConnectedEvent(this.watcher, outage, attempts, afterRefusal));
	}

	@Override
	public void reconnecting(int attempt, Duration delay, ConnectionFailure cause) {
		publish(new TaskWatcherReconnectingEvent(this.watcher, attempt, delay, cause.description()));
	}

	@Override
	public void failed(ConnectionFailure failure) {
		publish(new TaskWatcherErrorEvent(this.watcher, failure.status(), failure.reason(),
				failure.kind() == Kind.UNREACHABLE));
	}

	@Override
	public void unusable() {
		this.onStop.accept(Reason.ERROR);
	}

	@Override
	public void caughtUp() {
		publish(new TaskWatcherCaughtUpEvent(this.watcher));
	}

	@Override
	public void idle(Duration idle) {
		publish(new TaskWatcherIdleEvent(this.watcher, idle));
	}

	@Override
	public void noLongerIdle(Duration idle) {
		publish(new TaskWatcherNoLongerIdleEvent(this.watcher, idle));
	}

	@Override
	public void gap(Gap gap) {
		publish(new TaskWatcherGapEvent(this.watcher, gap));
	}

	@Override
	public void positionRefused() {
		this.onStop.accept(Reason.REFUSED);
	}

	void stopped(WatcherEvents events, Reason reason) {
		events.publish(new TaskWatcherStoppedEvent(this.watcher, reason));
	}

	/**
	 * Published synchronously: a listener has stored the update before the next one is
	 * delivered, and holds the delivery up for as long.
	 */
	void updateFailed(TaskUpdate update, Throwable failure) {
		try {
			this.publisher.publishEvent(new TaskUpdateFailedEvent(this.watcher, update, failure));
		}
		catch (Throwable ex) {
			logger.error(LogText.watcher(this.watcher.name()) + ": a listener of TaskUpdateFailedEvent has failed", ex);
		}
	}

	private void publish(TaskWatcherEvent event) {
		WatcherEvents current = this.events;
		if (current != null) {
			current.publish(event);
		}
	}

}
