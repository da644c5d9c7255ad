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

	private final Environment environment;

	private final RequenceTaskProperties properties;

	SuspiciousPropertiesCheck(Environment environment, RequenceTaskProperties properties) {
		this.environment = environment;
		this.properties = properties;
	}

	@Override
	public void afterSingletonsInstantiated() {
		warnWithoutEffect("checkpoint.file", Store.FILE, "file");
		warnWithoutEffect("checkpoint.key", Store.METADATA_STORE, "metadata-store");
		BeanWrapper defaults = new BeanWrapperImpl(new RequenceTaskProperties());
		BeanWrapper current = new BeanWrapperImpl(this.properties);
		DURATIONS.forEach((name) -> warnWithoutUnit(name, valueOf(current, name), valueOf(defaults, name)));
	}

	private void warnWithoutEffect(String name, Store store, String value) {
		ConfigurationProperty property = find(name);
		if (property != null && this.properties.getCheckpoint().getStore() != store) {
			logger.warn("Property '" + PREFIX + name + "' has no effect" + PropertyLookup.originOf(property) + ", as '"
					+ PREFIX + "checkpoint.store' is not '" + value + "'");
		}
	}

	private void warnWithoutUnit(String name, @Nullable Duration value, @Nullable Duration usual) {
		ConfigurationProperty property = find(name);
		if (property == null || value == null
				|| !NUMBER.matcher(String.valueOf(property.getValue()).strip()).matches()) {
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

	private static @Nullable Duration valueOf(BeanWrapper bean, String name) {
		String path = Arrays.stream(name.split("-"))
			.reduce((first, next) -> first + Character.toUpperCase(next.charAt(0)) + next.substring(1))
			.orElse(name);
		return (Duration) bean.getPropertyValue(path);
	}

}
