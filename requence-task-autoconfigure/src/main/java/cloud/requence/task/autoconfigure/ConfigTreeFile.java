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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.Resource;

/**
 * The file of a property that was imported with {@code configtree:}. Spring Boot reads it
 * once; a secret that is mounted can be replaced while the application runs.
 *
 * @param resource the file
 * @param value the value that Spring Boot has read
 */
record ConfigTreeFile(Resource resource, String value) {

	/**
	 * Return the file of a property, if that is where its value comes from.
	 */
	static Optional<ConfigTreeFile> of(Environment environment, String name) {
		return PropertyLookup.find(environment, name).findFirst().flatMap(ConfigTreeFile::of);
	}

	private static Optional<ConfigTreeFile> of(ConfigurationProperty property) {
		boolean inTree = property.getSource() != null
				&& property.getSource().getUnderlyingSource() instanceof PropertySource<?> source
				&& source instanceof ConfigTreePropertySource;
		Origin origin = (property.getOrigin() instanceof PropertySourceOrigin wrapper) ? wrapper.getOrigin()
				: property.getOrigin();
		return (inTree && origin instanceof TextResourceOrigin file && file.getResource() != null)
				? Optional.of(new ConfigTreeFile(file.getResource(), String.valueOf(property.getValue())))
				: Optional.empty();
	}

	/**
	 * Read the current content of the file.
	 * @return the content; the first content if the file cannot be read, for example
	 * while it is being replaced
	 */
	String read() {
		try {
			return this.resource.getContentAsString(StandardCharsets.UTF_8).strip();
		}
		catch (IOException ex) {
			return this.value;
		}
	}

	@Override
	public String toString() {
		return this.resource.toString();
	}

}
