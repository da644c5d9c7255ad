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

package cloud.requence.task.support;

import java.nio.charset.StandardCharsets;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON from untrusted sources. Its size is limited beforehand, so that names and
 * strings need no separate limits. Names are not collected in a table, because names with
 * the same hash would slow down the table for all later documents.
 */
public final class PlatformJson {

	/**
	 * The fast parser for long numbers takes less than a second for one of this length.
	 */
	private static final int MAX_NUMBER_LENGTH = 1_000_000;

	private PlatformJson() {
	}

	/**
	 * Create a builder of mappers that read any names.
	 * @return the builder
	 */
	public static JsonMapper.Builder mapperBuilder() {
		return JsonMapper.builder(JsonFactory.builder()
			.disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
			.enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
			.streamReadConstraints(StreamReadConstraints.builder()
				.maxNameLength(Integer.MAX_VALUE)
				.maxStringLength(Integer.MAX_VALUE)
				.maxNumberLength(MAX_NUMBER_LENGTH)
				.build())
			.build());
	}

	/**
	 * Read a value.
	 * @param <T> the type of the value
	 * @param reader a reader for that type, of a mapper that was built here
	 * @param json the value in UTF-8
	 * @return the value
	 * @throws JacksonException if it cannot be read
	 */
	public static <T> T read(ObjectReader reader, byte[] json) {
		// Jackson cannot read bytes without its table of names
		return reader.readValue(new String(json, StandardCharsets.UTF_8));
	}

}
