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

package cloud.requence.task.autoconfigure.metrics;

import java.time.Instant;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.CatchUp;
import cloud.requence.task.TaskWatcherStatus.Checkpoint;
import cloud.requence.task.TaskWatcherStatus.Connection;
import cloud.requence.task.TaskWatcherStatus.State;

/**
 * The meters that read the status of a watcher whenever they are read.
 */
final class StatusMeters {

	private static final String SECONDS = "seconds";

	private final MeterRegistry registry;

	private final TaskWatcher watcher;

	private final Tags tags;

	StatusMeters(MeterRegistry registry, TaskWatcher watcher) {
		this.registry = registry;
		this.watcher = watcher;
		this.tags = Tags.of("watcher", watcher.name());
	}

	void register() {
		registerWatcher();
		registerConnection();
		registerUpdates();
		registerMemory();
		registerAcknowledgements();
		if (this.watcher.status().checkpoint() != null) {
			registerCheckpoint();
		}
	}

	private void registerWatcher() {
		for (State state : State.values()) {
			gauge("watcher.state", "1 for the state that the watcher is in", null, this.tags.and("state", state.name()),
					(status) -> isTrue(status.state() == state));
		}
		gauge("watcher.expected", "1 if the watcher should be running", null,
				(status) -> isTrue(status.expectedToRun()));
		gauge("watcher.caught.up", "1 if the watcher is up to date", null, (status) -> isTrue(status.caughtUp()));
		gauge("watcher.behind", "How far the watcher is behind while it catches up", SECONDS,
				(status) -> catchUp(status, (catchUp) -> catchUp.behind().toMillis() / 1000.0));
		gauge("watcher.catch.up.rate", "Updates per second while the watcher catches up", null,
				(status) -> catchUp(status, CatchUp::updatesPerSecond));
		gauge("watcher.catch.up.remaining", "How long catching up will take", SECONDS, (status) -> catchUp(status,
				(catchUp) -> (catchUp.remaining() != null) ? catchUp.remaining().toMillis() / 1000.0 : Double.NaN));
		gauge("position.received", "Position of the last received update", null,
				(status) -> number(status.receivedPosition()));
		gauge("position.delivered", "Position up to which every update is finished", null,
				(status) -> number(status.deliveredPosition()));
	}

	private void registerConnection() {
		counter("connection.opened", "Connections that were opened", this.tags,
				(status) -> status.connection().connects());
		counter("connection.failed", "Failed connections and failed attempts to connect", this.tags,
				(status) -> status.connection().totalFailures());
		gauge("connection.silence", "Time since the last byte of the connection or its opening", SECONDS,
				(status) -> age(lastSign(status.connection())));
		gauge("connection.outage", "Time for which the watcher has tried to connect without success", SECONDS,
				(status) -> isWanting(status) ? age(status.connection().disconnectedSince()) : 0);
	}

	private void registerUpdates() {
		counter("frames", "Events received from the stream", this.tags, (status) -> status.updates().received());
		dropped("repeat", (status) -> status.updates().repeats());
		dropped("malformed", (status) -> status.updates().malformed());
		dropped("oversized", (status) -> status.updates().oversized());
		counter("gaps", "Gaps in the stream, where updates may be missing", this.tags,
				(status) -> status.gaps().count());
		counter("delivery.retries", "Retries of failed deliveries", this.tags, (status) -> status.updates().retries());
		gauge("delivery.in.progress", "Time that listeners have spent on the current update", SECONDS,
				(status) -> (status.backlog().deliveringSince() != null) ? age(status.backlog().deliveringSince()) : 0);
	}

	private void dropped(String reason, ToDoubleFunction<TaskWatcherStatus> value) {
		counter("frames.dropped", "Events of the stream that were not delivered", this.tags.and("reason", reason),
				value);
	}

	private void registerMemory() {
		gauge("backlog.updates", "Updates that wait for their delivery", null, (status) -> status.backlog().updates());
		gauge("backlog.size", "Size of the updates that wait for delivery", BaseUnits.BYTES,
				(status) -> status.backlog().bytes());
		gauge("contexts.tasks", "Open tasks whose context is kept", null, (status) -> status.contexts().tasks());
		gauge("contexts.size", "Size of the contexts that are kept", BaseUnits.BYTES,
				(status) -> status.contexts().bytes());
		counter("contexts.evicted", "Contexts of open tasks that were removed", this.tags,
				(status) -> status.contexts().evicted());
	}

	private void registerAcknowledgements() {
		String description = "Acknowledgements that are done or left out";
		counter("acknowledgements", description, this.tags.and("outcome", "sent"),
				(status) -> status.acknowledgements().sent());
		counter("acknowledgements", description, this.tags.and("outcome", "failed"),
				(status) -> status.acknowledgements().failed());
		counter("acknowledgements", description, this.tags.and("outcome", "left"),
				(status) -> status.acknowledgements().left());
		gauge("acknowledgements.awaited", "Delivered ends of tasks that the application has not acknowledged yet", null,
				(status) -> status.acknowledgements().awaited());
		gauge("acknowledgements.pending", "Acknowledgements that wait or are being sent", null,
				(status) -> status.acknowledgements().pending());
	}

	private void registerCheckpoint() {
		checkpoint("checkpoint.position", "Position of the last checkpoint", null,
				(checkpoint) -> number(checkpoint.position()));
		checkpoint("checkpoint.age", "Time since the last checkpoint was saved", SECONDS,
				(checkpoint) -> age(checkpoint.savedAt()));
		checkpoint("checkpoint.unsaved", "Finished updates that are not in the checkpoint yet", null,
				Checkpoint::unsaved);
		checkpoint("checkpoint.failing", "1 if the last checkpoint could not be saved", null,
				(checkpoint) -> isTrue(checkpoint.lastError() != null));
	}

	private void checkpoint(String name, String description, @Nullable String unit,
			ToDoubleFunction<Checkpoint> value) {
		gauge(name, description, unit, (status) -> {
			Checkpoint checkpoint = status.checkpoint();
			return (checkpoint != null) ? value.applyAsDouble(checkpoint) : Double.NaN;
		});
	}

	private void gauge(String name, String description, @Nullable String unit,
			ToDoubleFunction<TaskWatcherStatus> value) {
		gauge(name, description, unit, this.tags, value);
	}

	private void gauge(String name, String description, @Nullable String unit, Tags tags,
			ToDoubleFunction<TaskWatcherStatus> value) {
		Gauge.builder("requence.task." + name, this.watcher, (watcher) -> value.applyAsDouble(watcher.status()))
			.description(description)
			.baseUnit(unit)
			.tags(tags)
			.register(this.registry);
	}

	private void counter(String name, String description, Tags tags, ToDoubleFunction<TaskWatcherStatus> value) {
		FunctionCounter
			.builder("requence.task." + name, this.watcher, (watcher) -> value.applyAsDouble(watcher.status()))
			.description(description)
			.tags(tags)
			.register(this.registry);
	}

	private double age(@Nullable Instant instant) {
		return (instant != null)
				? Math.max(0, this.registry.config().clock().wallTime() - instant.toEpochMilli()) / 1000.0 : Double.NaN;
	}

	/**
	 * The last byte may belong to an earlier connection.
	 */
	private static @Nullable Instant lastSign(Connection connection) {
		Instant opened = connection.connectedSince();
		Instant lastByte = connection.lastByte();
		return (opened != null && lastByte != null && lastByte.isAfter(opened)) ? lastByte : opened;
	}

	private static boolean isWanting(TaskWatcherStatus status) {
		return switch (status.state()) {
			case CONNECTING, BACKING_OFF, REFUSED -> true;
			case STOPPED, STREAMING, PAUSED, STANDBY -> false;
		};
	}

	/**
	 * Zero for a watcher that is up to date.
	 */
	private static double catchUp(TaskWatcherStatus status, Function<CatchUp, Double> value) {
		CatchUp catchUp = status.catchUp();
		if (catchUp == null) {
			return status.caughtUp() ? 0 : Double.NaN;
		}
		return value.apply(catchUp);
	}

	private static double number(@Nullable Long value) {
		return (value != null) ? value : Double.NaN;
	}

	private static double isTrue(boolean condition) {
		return condition ? 1 : 0;
	}

}
