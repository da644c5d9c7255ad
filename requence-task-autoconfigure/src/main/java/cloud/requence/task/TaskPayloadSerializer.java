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

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Writes a {@link TaskPayload} as its JSON value. It is copied token by token, since not
 * every generator accepts raw JSON.
 */
final class TaskPayloadSerializer extends StdSerializer<TaskPayload> {

	TaskPayloadSerializer() {
		super(TaskPayload.class);
	}

	@Override
	public void serialize(TaskPayload payload, JsonGenerator generator, SerializationContext context) {
		try (JsonParser parser = JacksonPayloadReader.STANDARD.mapper().createParser(payload.bytes())) {
			parser.nextToken();
			generator.copyCurrentStructureExact(parser);
		}
	}

	@Override
	public void serializeWithType(TaskPayload payload, JsonGenerator generator, SerializationContext context,
			TypeSerializer typeSerializer) {
		serialize(payload, generator, context);
	}

}
