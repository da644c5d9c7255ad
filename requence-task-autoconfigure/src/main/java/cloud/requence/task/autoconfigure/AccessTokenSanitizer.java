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

import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.core.env.Environment;

import cloud.requence.task.AccessToken;
import cloud.requence.task.InvalidAccessTokenException;

/**
 * Keeps the access token out of Actuator's endpoints, even if they show values: under its
 * own names, and at other places, such as the command line.
 */
final class AccessTokenSanitizer implements SanitizingFunction {

	private static final Set<String> NAMES = Set.of(uniform(AccessTokenProperty.TASK),
			uniform(AccessTokenProperty.SHARED));

	/*
	 * A shorter one, as tests may have, occurs in values that have nothing to do with it.
	 */
	private static final int MIN_LENGTH = 4;

	private final Environment environment;

	AccessTokenSanitizer(Environment environment) {
		this.environment = environment;
	}

	@Override
	public SanitizableData apply(SanitizableData data) {
		Object value = data.getValue();
		if (value == null) {
			return data;
		}
		return (NAMES.contains(uniform(data.getKey())) || holdsSecret(value.toString())) ? data.withSanitizedValue()
				: data;
	}

	// However it is spelled: in properties, as an environment variable, in camel case
	private static String uniform(String key) {
		StringBuilder uniform = new StringBuilder(key.length());
		key.chars().filter(Character::isLetterOrDigit).forEach((character) -> uniform.append((char) character));
		return uniform.toString().toLowerCase(Locale.ROOT);
	}

	private boolean holdsSecret(String value) {
		return AccessTokenProperty.in(this.environment)
			.flatMap(AccessTokenSanitizer::secrets)
			.filter((secret) -> secret.length() >= MIN_LENGTH)
			.anyMatch(value::contains);
	}

	private static Stream<String> secrets(AccessTokenProperty property) {
		String token = property.value().strip();
		try {
			return Stream.of(token, AccessToken.parse(token).secret());
		}
		catch (InvalidAccessTokenException ex) {
			return Stream.of(token);
		}
	}

}
