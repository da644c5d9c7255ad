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

package cloud.requence.task.reference;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.module.SimpleModule;

import cloud.requence.task.TaskCallback;
import cloud.requence.task.TaskFile;
import cloud.requence.task.TaskStream;

/**
 * Lets Jackson fill files, streams and callbacks from their references.
 */
final class ReferenceModule extends SimpleModule {

	ReferenceModule(ReferenceLoader loader) {
		super("requence-references");
		addDeserializer(TaskFile.class, new FileDeserializer(loader));
		addDeserializer(TaskStream.class, new StreamDeserializer(loader));
		addDeserializer(TaskCallback.class, new CallbackDeserializer());
	}

	private static <T> T mismatch(DeserializationContext context, Class<T> type, String what) {
		return context.reportInputMismatch(type, "The value is not a reference to a %s", what);
	}

	private static @Nullable Reference read(JsonParser parser, DeserializationContext context) {
		return Reference.of(context.readTree(parser));
	}

	private static final class FileDeserializer extends StdDeserializer<TaskFile> {

		private final transient ReferenceLoader loader;

		FileDeserializer(ReferenceLoader loader) {
			super(TaskFile.class);
			this.loader = loader;
		}

		@Override
		public TaskFile deserialize(JsonParser parser, DeserializationContext context) {
			Reference reference = read(parser, context);
			if (reference == null || reference.kind() != Reference.Kind.FILE) {
				return mismatch(context, TaskFile.class, "file");
			}
			return new TaskFile(reference.url(), reference.mimeType(), reference.size(),
					() -> this.loader.file(reference.url(), reference.mimeType(), reference.size()));
		}

	}

	private static final class StreamDeserializer extends StdDeserializer<TaskStream> {

		private final transient ReferenceLoader loader;

		StreamDeserializer(ReferenceLoader loader) {
			super(TaskStream.class);
			this.loader = loader;
		}

		@Override
		public TaskStream deserialize(JsonParser parser, DeserializationContext context) {
			Reference reference = read(parser, context);
			if (reference == null || reference.kind() != Reference.Kind.STREAM) {
				return mismatch(context, TaskStream.class, "stream");
			}
			return new TaskStream(reference.url(), reference.mimeType(), () -> this.loader.stream(reference.url()));
		}

	}

	private static final class CallbackDeserializer extends StdDeserializer<TaskCallback> {

		CallbackDeserializer() {
			super(TaskCallback.class);
		}

		@Override
		public TaskCallback deserialize(JsonParser parser, DeserializationContext context) {
			JsonNode object = context.readTree(parser);
			String lifetime = text(object, "lifetime");
			if (!Reference.isCallback(object) || lifetime == null) {
				return mismatch(context, TaskCallback.class, "callback");
			}
			JsonNode bound = object.path("bound");
			return new TaskCallback(lifetime, text(object, "sourceId"), text(object, "callbackId"),
					text(object, "name"), text(object, "nodeId"), bound.isBoolean() ? bound.booleanValue() : null,
					text(object, "outputName"), text(object, "propertyPath"));
		}

		private static @Nullable String text(JsonNode object, String member) {
			JsonNode value = object.path(member);
			return value.isString() ? value.stringValue() : null;
		}

	}

}
