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

package cloud.requence.task.autoconfigure;

import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.unit.DataSize;

import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.client.TaskClient;

/**
 * Gives the values of {@link RequenceTaskProperties} to the builder of a watcher, and
 * rejects invalid values by the names of their properties.
 */
final class RequenceTaskPropertiesMapper {

	private static final Pattern HOST = Pattern.compile("([\\p{Alnum}_.-]+|\\[[\\p{XDigit}:.]+])(:[1-9]\\d{0,4})?");

	private final RequenceTaskProperties properties;

	RequenceTaskPropertiesMapper(RequenceTaskProperties properties) {
		this.properties = properties;
	}

	void apply(TaskWatcher.Builder builder) {
		set("since", this.properties.getSince(), builder::since);
		builder.autoStartup(this.properties.isAutoStartup());
		builder.phase(this.properties.getPhase());
		builder.only(this.properties.getFilter().getOnly());
		builder.skipIncomplete(this.properties.getFilter().isSkipIncomplete());
		builder.ackMode(this.properties.getAck().getMode());
		applyConnection(builder, this.properties.getConnection());
		applyReconnect(builder, this.properties.getReconnect());
		applyListener(builder, this.properties.getListener());
		applyCheckpoint(builder, this.properties.getCheckpoint());
		applyContext(builder, this.properties.getContext());
		applyReferences(this.properties.getReferences(), builder::references);
		checkHealth(this.properties.getHealth());
	}

	void apply(TaskClient.Builder builder) {
		RequenceTaskProperties.Connection connection = this.properties.getConnection();
		Duration responseTimeout = positive("connection.response-timeout", connection.getResponseTimeout());
		set("connection.idle-timeout", positive("connection.idle-timeout", connection.getIdleTimeout()),
				(value) -> builder.timeouts(responseTimeout, value));
		set("connection.max-event-size", positive("connection.max-event-size", connection.getMaxEventSize()),
				builder::maxEventSize);
		applyReconnect(this.properties.getReconnect(), builder::reconnect);
		applyReferences(this.properties.getReferences(), builder::references);
	}

	private void applyConnection(TaskWatcher.Builder builder, RequenceTaskProperties.Connection connection) {
		set("connection.response-timeout", positive("connection.response-timeout", connection.getResponseTimeout()),
				builder::responseTimeout);
		set("connection.idle-timeout", positive("connection.idle-timeout", connection.getIdleTimeout()),
				builder::idleTimeout);
		set("connection.max-event-size", positive("connection.max-event-size", connection.getMaxEventSize()),
				builder::maxEventSize);
		Duration maxAge = connection.getMaxAge();
		if (maxAge != null) {
			set("connection.max-age", positive("connection.max-age", maxAge), builder::maxAge);
		}
	}

	private void applyReconnect(TaskWatcher.Builder builder, RequenceTaskProperties.Reconnect reconnect) {
		applyReconnect(reconnect, builder::reconnect);
		set("reconnect.refused-delay", positive("reconnect.refused-delay", reconnect.getRefusedDelay()),
				builder::refusedDelay);
		builder.onRefusedPosition(reconnect.getOnRefusedPosition());
	}

	private void applyReconnect(RequenceTaskProperties.Reconnect reconnect, BackOffSetter setter) {
		Duration delay = positive("reconnect.delay", reconnect.getDelay());
		Duration maxDelay = reconnect.getMaxDelay();
		check("reconnect.max-delay", maxDelay.compareTo(delay) >= 0,
				"must not be shorter than '" + name("reconnect.delay") + "'");
		check("reconnect.multiplier", reconnect.getMultiplier() >= 1, "must be 1 or more");
		check("reconnect.jitter", reconnect.getJitter() >= 0 && reconnect.getJitter() <= 1, "must be from 0 to 1");
		set("reconnect.delay", delay,
				(value) -> setter.set(value, maxDelay, reconnect.getMultiplier(), reconnect.getJitter()));
	}

	private void applyListener(TaskWatcher.Builder builder, RequenceTaskProperties.Listener listener) {
		check("listener.concurrency", listener.getConcurrency() > 0, "must be 1 or more");
		set("listener.concurrency", listener.getConcurrency(), builder::concurrency);
		check("listener.max-in-flight", listener.getMaxInFlight() > 0, "must be 1 or more");
		DataSize size = positive("listener.max-in-flight-size", listener.getMaxInFlightSize());
		set("listener.max-in-flight", listener.getMaxInFlight(), (value) -> builder.maxInFlight(value, size));
		Duration shutdownTimeout = listener.getShutdownTimeout();
		check("listener.shutdown-timeout", !shutdownTimeout.isNegative(), "must not be negative");
		set("listener.shutdown-timeout", shutdownTimeout, builder::shutdownTimeout);
		builder.mdc(listener.isMdc());
	}

	private void applyCheckpoint(TaskWatcher.Builder builder, RequenceTaskProperties.Checkpoint checkpoint) {
		check("checkpoint.every", checkpoint.getEvery() > 0, "must be 1 or more");
		set("checkpoint.interval", positive("checkpoint.interval", checkpoint.getInterval()),
				(value) -> builder.checkpoint(value, checkpoint.getEvery()));
	}

	private void applyReferences(RequenceTaskProperties.References references, ReferencesSetter setter) {
		check("references.allowed-hosts",
				references.getAllowedHosts().stream().allMatch((host) -> HOST.matcher(host.strip()).matches()),
				"must be 'host' or 'host:port', without 'https://' and path");
		DataSize maxSize = positive("references.max-size", references.getMaxSize());
		set("references.timeout", positive("references.timeout", references.getTimeout()),
				(value) -> setter.set(references.getAllowedHosts(), maxSize, value));
	}

	private void checkHealth(RequenceTaskProperties.Health health) {
		check("health.down-after", !health.getDownAfter().isNegative(), "must not be negative");
		positive("health.stuck-after", health.getStuckAfter());
	}

	private void applyContext(TaskWatcher.Builder builder, RequenceTaskProperties.Context context) {
		DataSize maxSize = context.getMaxSize();
		DataSize size = (maxSize != null) ? positive("context.max-size", maxSize) : tenthOfHeap();
		set("context.expire-after", positive("context.expire-after", context.getExpireAfter()),
				(value) -> builder.context(size, value));
		builder.contextRecovery(context.getRecover());
	}

	private static DataSize tenthOfHeap() {
		return DataSize.ofBytes(Runtime.getRuntime().maxMemory() / 10);
	}

	Duration connectTimeout() {
		return positive("connection.connect-timeout", this.properties.getConnection().getConnectTimeout());
	}

	TaskUpdateErrorHandler errorHandler() {
		RequenceTaskProperties.Listener listener = this.properties.getListener();
		return TaskUpdateErrorHandler.retrying(retryPolicy(listener.getRetry()), listener.getOnFailure());
	}

	private RetryPolicy retryPolicy(RequenceTaskProperties.Retry retry) {
		RetryPolicy.Builder builder = RetryPolicy.builder();
		check("listener.retry.max-delay", retry.getMaxDelay().compareTo(retry.getDelay()) >= 0,
				"must not be shorter than '" + name("listener.retry.delay") + "'");
		check("listener.retry.max-retries", retry.getMaxRetries() >= 0, "must not be negative");
		check("listener.retry.delay", !retry.getDelay().isNegative(), "must not be negative");
		check("listener.retry.multiplier", retry.getMultiplier() >= 1, "must be 1 or more");
		check("listener.retry.jitter", !retry.getJitter().isNegative(), "must not be negative");
		positive("listener.retry.max-delay", retry.getMaxDelay());
		set("listener.retry.max-retries", retry.getMaxRetries(), builder::maxRetries);
		set("listener.retry.delay", retry.getDelay(), builder::delay);
		set("listener.retry.multiplier", retry.getMultiplier(), builder::multiplier);
		set("listener.retry.jitter", retry.getJitter(), builder::jitter);
		set("listener.retry.max-delay", retry.getMaxDelay(), builder::maxDelay);
		return builder.build();
	}

	private static Duration positive(String name, Duration value) {
		check(name, !value.isNegative() && !value.isZero(), "must be positive");
		return value;
	}

	private static DataSize positive(String name, DataSize value) {
		check(name, value.toBytes() > 0, "must be positive");
		return value;
	}

	private static void check(String name, boolean valid, String requirement) {
		if (!valid) {
			throw new InvalidPropertyException(name(name), requirement);
		}
	}

	private static <T> void set(String name, T value, Consumer<T> setter) {
		try {
			setter.accept(value);
		}
		catch (IllegalArgumentException ex) {
			throw InvalidPropertyException.because(name(name), ex);
		}
	}

	private static String name(String name) {
		return "requence.task." + name;
	}

	private interface BackOffSetter {

		void set(Duration delay, Duration maxDelay, double multiplier, double jitter);

	}

	private interface ReferencesSetter {

		void set(Collection<String> allowedHosts, DataSize maxSize, Duration timeout);

	}

}
