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

import java.util.regex.Pattern;

import cloud.requence.task.RequenceTaskException;

/**
 * A property has a value that a watcher cannot work with.
 */
class InvalidPropertyException extends RequenceTaskException implements PropertyFailure {

	private static final Pattern ARGUMENT = Pattern.compile("^'\\w+' ");

	private final String property;

	private final String remedy;

	InvalidPropertyException(String property, String reason) {
		this(property, reason, "Correct the value of '" + property + "'.");
	}

	InvalidPropertyException(String property, String reason, String remedy) {
		super("Property '" + property + "' " + reason);
		this.property = property;
		this.remedy = remedy;
	}

	/**
	 * Create an exception for a rejected value.
	 * @param property the name of the property
	 * @param cause describes the valid values
	 */
	static InvalidPropertyException because(String property, IllegalArgumentException cause) {
		return new InvalidPropertyException(property,
				ARGUMENT.matcher(String.valueOf(cause.getMessage())).replaceFirst(""));
	}

	@Override
	public String property() {
		return this.property;
	}

	@Override
	public String remedy() {
		return this.remedy;
	}

}
