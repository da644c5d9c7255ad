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

package cloud.requence.task;

import java.lang.reflect.Type;

import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns the bytes of a {@link TaskPayload} into objects, on the calling thread.
 */
@FunctionalInterface
public interface PayloadReader {

	/**
	 * Read a value.
	 * @param <T> the type of the object
	 * @param json a JSON value in UTF-8, not to be changed
	 * @param type the type of the object
	 * @return the object; {@code null} if the value is the JSON {@code null}
	 * @throws TaskPayloadException if the value does not fit the type
	 */
	<T> T read(byte[] json, Type type);

	/**
	 * Replace claim checks, which are references to values that are stored elsewhere, by
	 * these values. Called when a payload that holds references is read for the first
	 * time, on the thread that reads it.
	 * @param json a JSON value in UTF-8, not to be changed
	 * @return the value without claim checks
	 * @throws TaskReferenceException if a value cannot be fetched
	 */
	default byte[] resolve(byte[] json) {
		return json;
	}

	/**
	 * Return a reader that also uses the given module. The watcher adds a module that
	 * converts references to {@link TaskFile}, {@link TaskStream} and
	 * {@link TaskCallback}.
	 * @param module the module
	 * @return a new reader; this one if it does not use Jackson
	 */
	default PayloadReader withModule(JacksonModule module) {
		return this;
	}

	/**
	 * Return a reader with Jackson's own settings, which fetches nothing.
	 * @return the standard reader
	 */
	static PayloadReader standard() {
		return JacksonPayloadReader.STANDARD;
	}

	/**
	 * Return a reader that uses the given mapper.
	 * @param mapper the mapper, whose limits on names, numbers and strings hold
	 * @return a reader for payloads
	 */
	static PayloadReader using(JsonMapper mapper) {
		return new JacksonPayloadReader(mapper, null);
	}

}
