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

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

import cloud.requence.task.TaskWatcher;

/**
 * Explains that a bean of the starter is missing because the starter is turned off.
 * Spring Boot's own analysis names neither the property nor a remedy.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class DisabledStarterFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final String PACKAGE = TaskWatcher.class.getPackageName();

	private final Environment environment;

	DisabledStarterFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		Class<?> type = (cause.getResolvableType() != null) ? cause.getResolvableType().resolve() : null;
		if (type == null || !isOfStarter(type)
				|| this.environment.getProperty("requence.task.enabled", Boolean.class, true)) {
			return null;
		}
		return new FailureAnalysis(
				String.format(
						"A bean of type '%s' is required, and there is none, as 'requence.task.enabled' is 'false'.",
						type.getName()),
				"Inject it as ObjectProvider<" + type.getSimpleName()
						+ ">, or remove 'requence.task.enabled'. In a test,"
						+ " @DisconnectedTaskWatchers keeps the beans for injection without connecting them.",
				cause);
	}

	private static boolean isOfStarter(Class<?> type) {
		return type.getPackageName().equals(PACKAGE) || type.getPackageName().startsWith(PACKAGE + ".");
	}

}
