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
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.StringUtils;

import cloud.requence.task.support.PlatformJson;

/**
 * Reads payloads with a separate mapper, which is independent of the application's
 * mappers. What exceeds the limits of the fast parser is read again without them.
 */
final class JacksonPayloadReader implements PayloadReader {

	static final JacksonPayloadReader STANDARD = new JacksonPayloadReader(JsonMapper.builder(JsonFactory.builder()
		// A payload is never larger than the event that it came with
		.streamReadConstraints(StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
		.build()).build(), PlatformJson.mapperBuilder().build());

	private final JsonMapper mapper;

	private final ObjectReader reader;

	private final @Nullable JsonMapper lenientMapper;

	private final @Nullable ObjectReader lenientReader;

	/**
	 * Create a reader.
	 * @param mapper the mapper
	 * @param lenientMapper the mapper for what exceeds the limits of the first;
	 * {@code null} to enforce these limits
	 */
	JacksonPayloadReader(JsonMapper mapper, @Nullable JsonMapper lenientMapper) {
		this.mapper = mapper;
		this.reader = mapper.reader().withAttribute(PayloadReader.class, this);
		this.lenientMapper = lenientMapper;
		this.lenientReader = (lenientMapper != null) ? lenientMapper.reader().withAttribute(PayloadReader.class, this)
				: null;
	}

	/**
	 * Return the current reader, for a payload inside of the value that it reads.
	 */
	static PayloadReader at(DeserializationContext context) {
		return (context.getAttribute(PayloadReader.class) instanceof PayloadReader reader) ? reader : STANDARD;
	}

	JsonMapper mapper() {
		return this.mapper;
	}

	@Override
	public <T> T read(byte[] json, Type type) {
		JavaType target = this.mapper.getTypeFactory().constructType(type);
		try {
			return read(json, target);
		}
		catch (JacksonException ex) {
			// Neither message nor cause: both quote values of the payload
			TaskPayloadException failure = new TaskPayloadException("Cannot read payload of " + json.length
					+ " bytes as " + target.getTypeName() + ": " + ex.getClass().getSimpleName() + pathOf(ex));
			failure.setStackTrace(ex.getStackTrace());
			throw failure;
		}
	}

	private <T> T read(byte[] json, JavaType target) {
		try {
			return this.reader.forType(target).readValue(json);
		}
		// Halves of characters in names are refused in bytes, and read in text
		catch (StreamConstraintsException | StreamReadException ex) {
			if (this.lenientReader == null) {
				throw ex;
			}
			return PlatformJson.read(this.lenientReader.forType(target), json);
		}
	}

	@Override
	public PayloadReader withModule(JacksonModule module) {
		JsonMapper lenient = this.lenientMapper;
		return new JacksonPayloadReader(this.mapper.rebuild().addModule(module).build(),
				(lenient != null) ? lenient.rebuild().addModule(module).build() : null);
	}

	private static String pathOf(JacksonException ex) {
		String path = ex.getPath()
			.stream()
			.map((reference) -> (reference.getPropertyName() != null) ? reference.getPropertyName()
					: "[" + reference.getIndex() + "]")
			.collect(Collectors.joining("."));
		return StringUtils.hasText(path) ? " at " + printable(path) : "";
	}

	private static String printable(String path) {
		return StringUtils.truncate(path.replaceAll("\\p{Cntrl}", "?"), 200).toString();
	}

}
