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

import java.net.URI;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Write references as the platform does.
 */
final class TaskReferenceSerializers {

	private TaskReferenceSerializers() {
	}

	private static void write(JsonGenerator generator, String tag, URI url, String mimeType) {
		generator.writeStringProperty("__REQUENCE_type", tag);
		generator.writeStringProperty("url", url.toString());
		generator.writeStringProperty("mime", mimeType);
	}

	static final class File extends StdSerializer<TaskFile> {

		File() {
			super(TaskFile.class);
		}

		@Override
		public void serialize(TaskFile file, JsonGenerator generator, SerializationContext context) {
			generator.writeStartObject();
			write(generator, "RequenceFile", file.getURI(), file.mimeType());
			generator.writeNumberProperty("size", file.contentLength());
			generator.writeEndObject();
		}

	}

	static final class Stream extends StdSerializer<TaskStream> {

		Stream() {
			super(TaskStream.class);
		}

		@Override
		public void serialize(TaskStream stream, JsonGenerator generator, SerializationContext context) {
			generator.writeStartObject();
			write(generator, "RequenceStream", stream.url(), stream.mimeType());
			generator.writeEndObject();
		}

	}

}
