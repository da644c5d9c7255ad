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

import java.io.ByteArrayOutputStream;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;

/**
 * Reads any value into a {@link TaskPayload}. An absent value stays absent, a JSON
 * {@code null} is a value. It is read by the same reader as the value that contains it.
 */
final class TaskPayloadDeserializer extends StdDeserializer<TaskPayload> {

	TaskPayloadDeserializer() {
		super(TaskPayload.class);
	}

	@Override
	public TaskPayload deserialize(JsonParser parser, DeserializationContext context) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (JsonGenerator generator = JacksonPayloadReader.STANDARD.mapper().createGenerator(bytes)) {
			generator.copyCurrentStructureExact(parser);
		}
		return TaskPayload.of(bytes.toByteArray(), JacksonPayloadReader.at(context));
	}

	@Override
	public Object deserializeWithType(JsonParser parser, DeserializationContext context,
			TypeDeserializer typeDeserializer) {
		return deserialize(parser, context);
	}

	@Override
	public TaskPayload getNullValue(DeserializationContext context) {
		return TaskPayload.of("null");
	}

	@Override
	public @Nullable Object getAbsentValue(DeserializationContext context) {
		return null;
	}

}
