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
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

import cloud.requence.task.TaskUpdateErrorHandler.OnFailure;
import cloud.requence.task.autoconfigure.RequenceTaskProperties.Checkpoint.Store;

/**
 * Logs a warning for properties that are valid and probably do not do what was intended.
 */
final class SuspiciousPropertiesCheck implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(SuspiciousPropertiesCheck.class);

	private static final String PREFIX = "requence.task.";

	private static final Pattern NUMBER = Pattern.compile("\\d+");

	/**
	 * A time without a unit that is so much shorter than the default is meant in seconds.
	 */
	private static final int SHORTER = 100;

	private static final List<String> DURATIONS = List.of("connection.connect-timeout", "connection.response-timeout",
			"connection.idle-timeout", "connection.max-age", "reconnect.delay", "reconnect.max-delay",
			"reconnect.refused-delay", "listener.shutdown-timeout", "listener.retry.delay", "listener.retry.max-delay",
			"checkpoint.interval", "context.expire-after", "references.timeout", "health.down-after",
			"health.stuck-after");

	private static final List<String> SIZES = List.of("connection.max-event-size", "listener.max-in-flight-size",
			"context.max-size", "references.max-size");

	/** No less than an ordinary update. */
	private static final int LEAST_SIZE = 4096;

	private final Environment environment;

	private final RequenceTaskProperties properties;

	SuspiciousPropertiesCheck(Environment environment, RequenceTaskProperties properties) {
		this.environment = environment;
		this.properties = properties;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Store store = this.properties.getCheckpoint().getStore();
		warnUnless(store == Store.FILE, "checkpoint.file", "checkpoint.store", "is not 'file'");
		warnUnless(store == Store.METADATA_STORE, "checkpoint.key", "checkpoint.store", "is not 'metadata-store'");
		boolean election = this.properties.getLeaderElection().isEnabled();
		warnUnless(election, "leader-election.role", "leader-election.enabled", "is not 'true'");
		warnUnless(election, "leader-election.lock-key", "leader-election.enabled", "is not 'true'");
		boolean deadLetters = this.properties.getDeadLetter()
			.getStore() != RequenceTaskProperties.DeadLetter.Store.NONE;
		warnUnless(deadLetters, "dead-letter.initialize-schema", "dead-letter.store", "is 'none'");
		warnUnless(deadLetters, "dead-letter.schema", "dead-letter.store", "is 'none'");
		if (deadLetters) {
			warnUnless(this.properties.getListener().getOnFailure() == OnFailure.SKIP, "dead-letter.store",
					"listener.on-failure", "is not 'skip'");
		}
		warnOfFuture();
		BeanWrapper defaults = new BeanWrapperImpl(new RequenceTaskProperties());
		BeanWrapper current = new BeanWrapperImpl(this.properties);
		DURATIONS.forEach(
				(name) -> warnWithoutUnit(name, (Duration) valueOf(current, name), (Duration) valueOf(defaults, name)));
		SIZES.forEach((name) -> warnWithoutUnit(name, (DataSize) valueOf(current, name)));
	}

	private void warnUnless(boolean effective, String name, String condition, String reason) {
		ConfigurationProperty property = find(name);
		if (property != null && !effective) {
			logger.warn("Property '" + PREFIX + name + "' has no effect" + PropertyLookup.originOf(property) + ", as '"
					+ PREFIX + condition + "' " + reason);
		}
	}

	private void warnOfFuture() {
		ConfigurationProperty property = find("since");
		if (property == null) {
			return;
		}
		try {
			if (Instant.parse(this.properties.getSince().strip()).isAfter(Instant.now())) {
				logger.warn("Property '" + PREFIX + "since' is in the future" + PropertyLookup.originOf(property)
						+ ". Updates before that time may not be received. Set it to 'now', or to an instant in the past");
			}
		}
		catch (DateTimeParseException ex) {
			// Not an instant
		}
	}

	private void warnWithoutUnit(String name, @Nullable DataSize value) {
		ConfigurationProperty property = find(name);
		if (property != null && value != null && isNumber(property) && value.toBytes() < LEAST_SIZE) {
			logger.warn("Property '" + PREFIX + name + "' is " + value.toBytes() + " bytes"
					+ PropertyLookup.originOf(property) + ", as a number without a unit is in bytes. Did you mean '"
					+ value.toBytes() + "MB'?");
		}
	}

	private static boolean isNumber(ConfigurationProperty property) {
		return NUMBER.matcher(String.valueOf(property.getValue()).strip()).matches();
	}

	private void warnWithoutUnit(String name, @Nullable Duration value, @Nullable Duration usual) {
		ConfigurationProperty property = find(name);
		if (property == null || value == null || !isNumber(property)) {
			return;
		}
		Duration least = ((usual != null) ? usual : Duration.ofHours(1)).dividedBy(SHORTER);
		if (!value.isZero() && value.compareTo(least) < 0) {
			logger.warn("Property '" + PREFIX + name + "' is " + value.toMillis() + " ms"
					+ PropertyLookup.originOf(property)
					+ ", as a number without a unit is in milliseconds. Did you mean '" + value.toMillis() + "s'?");
		}
	}

	private @Nullable ConfigurationProperty find(String name) {
		return PropertyLookup.find(this.environment, PREFIX + name).findFirst().orElse(null);
	}

	private static @Nullable Object valueOf(BeanWrapper bean, String name) {
		String path = Arrays.stream(name.split("-"))
			.reduce((first, next) -> first + Character.toUpperCase(next.charAt(0)) + next.substring(1))
			.orElse(name);
		return bean.getPropertyValue(path);
	}

}
