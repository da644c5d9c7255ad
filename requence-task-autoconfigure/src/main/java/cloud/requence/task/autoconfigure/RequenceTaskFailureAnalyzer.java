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

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

import cloud.requence.task.CheckpointException;
import cloud.requence.task.InvalidAccessTokenException;
import cloud.requence.task.RequenceTaskException;

/**
 * Explains a start that has failed because of a property of the starter.
 */
class RequenceTaskFailureAnalyzer extends AbstractFailureAnalyzer<RequenceTaskException> {

	private final Environment environment;

	RequenceTaskFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, RequenceTaskException cause) {
		PropertyFailure failure = propertyFailure(cause);
		return (failure != null) ? new FailureAnalysis(description(cause, failure), action(failure), cause) : null;
	}

	private static @Nullable PropertyFailure propertyFailure(RequenceTaskException cause) {
		if (cause instanceof CheckpointException checkpoint) {
			return PropertyFailure.of("requence.task.checkpoint.store", checkpoint.remedy());
		}
		return (cause instanceof PropertyFailure failure) ? failure : null;
	}

	private String description(RequenceTaskException cause, PropertyFailure failure) {
		StringBuilder description = new StringBuilder("Requence tasks cannot be watched. ");
		description.append(cause.getMessage()).append(String.format(".%n%n    Property: %s", failure.property()));
		Origin origin = originOf(failure.property());
		if (origin != null) {
			description.append(String.format("%n    Origin: %s", origin));
		}
		// The application does not get as far as to log them
		UnknownPropertiesCheck.find(this.environment)
			.forEach((problem) -> description.append(String.format("%n%n%s", problem)));
		return description.toString();
	}

	private @Nullable Origin originOf(String property) {
		return PropertyLookup.find(this.environment, property)
			.map(ConfigurationProperty::getOrigin)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	private String action(PropertyFailure failure) {
		// A value that is there was not forgotten
		String profile = (failure instanceof InvalidAccessTokenException || originOf(failure.property()) == null)
				? String.format("If it is set in a profile, activate that profile (%s).%n", activeProfiles()) : "";
		return String.format(
				"%s%n%sTo run the application without watching tasks, set 'requence.task.enabled' to 'false'. In a test,"
						+ " @DisconnectedTaskWatchers keeps the beans for injection.",
				failure.remedy(), profile);
	}

	private String activeProfiles() {
		String[] profiles = this.environment.getActiveProfiles();
		return (profiles.length > 0) ? "active now: " + String.join(", ", profiles) : "none is active now";
	}

}
