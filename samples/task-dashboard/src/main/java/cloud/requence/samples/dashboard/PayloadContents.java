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

package cloud.requence.samples.dashboard;

import java.util.LinkedHashMap;
import java.util.Map;

import cloud.requence.task.TaskFile;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * The files and streams in a payload, by where they are. A type to read a
 * {@link TaskPayload} as, whatever its structure is.
 */
@JsonDeserialize(using = PayloadContents.Deserializer.class)
final class PayloadContents {

	private final Map<String, TaskContent> contents;

	private PayloadContents(Map<String, TaskContent> contents) {
		this.contents = contents;
	}

	@Nullable TaskContent at(String pointer) {
		return this.contents.get(pointer);
	}

	/**
	 * Leaves it to the starter what a reference is, and how it is fetched.
	 */
	static final class Deserializer extends ValueDeserializer<PayloadContents> {

		@Override
		public PayloadContents deserialize(JsonParser parser, DeserializationContext context) {
			Map<String, TaskContent> contents = new LinkedHashMap<>();
			PayloadReference.visit(context.readTree(parser), JsonPointer.empty(), (at, node) -> {
				TaskContent content = read(at.toString(), node, context);
				if (content != null) {
					contents.put(at.toString(), content);
				}
			});
			return new PayloadContents(contents);
		}

		private static @Nullable TaskContent read(String at, JsonNode node, DeserializationContext context) {
			try {
				return PayloadReference.isStream(node)
						? TaskContent.of(at, context.readTreeAsValue(node, TaskStream.class))
						: TaskContent.of(at, context.readTreeAsValue(node, TaskFile.class));
			}
			catch (DatabindException ex) {
				// Data like any other
				return null;
			}
		}

	}

}
