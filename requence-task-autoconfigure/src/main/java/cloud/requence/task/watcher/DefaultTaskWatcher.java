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

import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.util.Assert;

import cloud.requence.task.Leadership;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStoppedEvent.Reason;
import cloud.requence.task.checkpoint.CheckpointObserver;
import cloud.requence.task.delivery.DeliveryObserver;

/**
 * Combines the components. What was received and not yet delivered stays over a stop, and
 * so do contexts and position, unless the checkpoint says that another instance has
 * continued.
 */
final class DefaultTaskWatcher implements TaskWatcher, DeliveryObserver, CheckpointObserver {

	private final WatcherSettings settings;

	private final WatcherNotifier notifier;

	private final WatcherComponents components;

	private final WatcherLifecycle lifecycle;

	private final StatusReader status;

	DefaultTaskWatcher(WatcherSettings settings, Supplier<@Nullable String> outcomeUnknown,
			ApplicationEventPublisher publisher, WatcherThreads threads, @Nullable Leadership leadership,
			StartPointResolver startPoint, Clock clock, LongSupplier nanoTime, WatcherComponents.Factory components) {
		this.settings = settings;
		this.notifier = new WatcherNotifier(this, publisher, this::stopSoon);
		this.components = components.create(this.notifier, this, this);
		this.lifecycle = new WatcherLifecycle(settings, outcomeUnknown, threads, leadership, startPoint, this.notifier,
				this.components, clock, nanoTime);
		this.status = new StatusReader(settings.name(), this.components, this.lifecycle, clock, nanoTime);
	}

	@Override
	public String name() {
		return this.settings.name();
	}

	@Override
	public boolean isAutoStartup() {
		return this.settings.autoStartup();
	}

	@Override
	public int getPhase() {
		return this.settings.phase();
	}

	@Override
	public boolean isRunning() {
		return this.lifecycle.isRunning();
	}

	@Override
	public void start() {
		this.lifecycle.start();
	}

	@Override
	public void stop() {
		this.lifecycle.stop();
	}

	@Override
	public void stop(Runnable callback) {
		this.lifecycle.stop(Reason.NORMAL, callback);
	}

	@Override
	public void destroy() {
		this.lifecycle.destroy();
		this.components.delivered().complete();
	}

	@Override
	public void pause() {
		this.lifecycle.pause();
	}

	@Override
	public void resume() {
		this.lifecycle.resume();
	}

	@Override
	public Flux<TaskUpdate> updates() {
		return this.components.delivered().flux();
	}

	@Override
	public void acknowledge(String taskId) {
		Assert.hasText(taskId, "'taskId' must not be empty");
		if (!this.lifecycle.isWatching()) {
			// No checkpoint of this instance will carry it
			this.components.acknowledger().acknowledge(taskId);
			this.components.queue().acknowledge(taskId);
		}
		else if (!this.components.queue().acknowledge(taskId)) {
			this.components.acknowledger().acknowledge(taskId);
		}
	}

	@Override
	public TaskWatcherStatus status() {
		return this.status.read();
	}

	// Called under the lock of the supervisor
	private void stopSoon(Reason reason) {
		this.lifecycle.stopSoon(reason);
	}

	@Override
	public void onFailed(TaskUpdate update, Throwable failure) {
		this.notifier.updateFailed(update, failure);
	}

	@Override
	public void onStopRequired() {
		this.lifecycle.fail();
	}

	@Override
	public void onEnded() {
		this.lifecycle.onDeliveryEnded();
	}

	@Override
	public void onRoom() {
		this.components.supervisor().onRoom();
	}

	@Override
	public void onSaved() {
		this.components.delivery().wakeUp();
	}

	@Override
	public void onSuperseded() {
		this.lifecycle.onSuperseded();
	}

}
