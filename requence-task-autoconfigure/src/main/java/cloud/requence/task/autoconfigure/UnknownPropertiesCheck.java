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

import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Warns of properties that nobody reads, most of which are misspelt. No error, so that
 * properties of a newer version do not stop an older one.
 */
final class UnknownPropertiesCheck implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(UnknownPropertiesCheck.class);

	private static final String PREFIX = "requence.task";

	/** Read by conditions only. */
	private static final Set<String> READ_ELSEWHERE = Set.of(PREFIX + ".enabled");

	private final Environment environment;

	UnknownPropertiesCheck(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void afterSingletonsInstantiated() {
		try {
			Binder.get(this.environment)
				.bind(PREFIX, Bindable.of(RequenceTaskProperties.class),
						new NoUnboundElementsBindHandler(BindHandler.DEFAULT, UnknownPropertiesCheck::hasExactNames));
		}
		catch (BindException ex) {
			if (ex.getCause() instanceof UnboundConfigurationPropertiesException unknown) {
				unknown.getUnboundProperties().forEach(UnknownPropertiesCheck::warn);
			}
		}
	}

	/**
	 * An environment variable may be meant for something else.
	 */
	private static boolean hasExactNames(ConfigurationPropertySource source) {
		return !(source.getUnderlyingSource() instanceof PropertySource<?> underlying
				&& underlying.getName().endsWith(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME));
	}

	private static void warn(ConfigurationProperty property) {
		if (!READ_ELSEWHERE.contains(property.getName().toString())) {
			logger.warn("Property '" + property.getName() + "' is not known and has no effect"
					+ ((property.getOrigin() != null) ? " (" + property.getOrigin() + ")" : "")
					+ ". Check its spelling");
		}
	}

}
