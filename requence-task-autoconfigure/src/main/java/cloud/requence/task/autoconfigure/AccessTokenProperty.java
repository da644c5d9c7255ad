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

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

import cloud.requence.task.AccessToken;
import cloud.requence.task.InvalidAccessTokenException;

/**
 * A property that has the access token. The names are those that the environment
 * variables of the platform's other clients are bound to.
 *
 * @param name the name of the property
 * @param value the token as it was set
 */
record AccessTokenProperty(String name, String value) {

	static final String TASK = "requence.task.access-token";

	static final String SHARED = "requence.access-token";

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([\\w.-]{1,200})}");

	/**
	 * Return the properties that are set, the one to use first.
	 */
	static Stream<AccessTokenProperty> in(Environment environment) {
		Binder binder = Binder.get(environment);
		return Stream.of(TASK, SHARED).flatMap((name) -> in(environment, binder, name).stream());
	}

	private static Optional<AccessTokenProperty> in(Environment environment, Binder binder, String name) {
		String value = ConfigTreeFile.of(environment, name)
			.map(ConfigTreeFile::read)
			.orElseGet(() -> binder.bind(name, String.class).orElse(""));
		return value.isBlank() ? Optional.empty() : Optional.of(new AccessTokenProperty(name, value));
	}

	AccessToken parse() {
		Matcher placeholder = PLACEHOLDER.matcher(this.value.strip());
		if (placeholder.matches()) {
			throw new InvalidAccessTokenPropertyException(this.name,
					"The access token is missing: nothing defines '" + placeholder.group(1) + "'");
		}
		try {
			return AccessToken.parse(this.value);
		}
		catch (InvalidAccessTokenException ex) {
			throw new InvalidAccessTokenPropertyException(this.name, String.valueOf(ex.getMessage()));
		}
	}

	@Override
	public String toString() {
		return this.name;
	}

}
