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

package cloud.requence.task.client;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.databind.util.TokenBuffer;

import org.springframework.core.io.Resource;

import cloud.requence.task.TaskPayloadException;

/**
 * Writes inputs as trees, in which files and streams are embedded as {@link TaskUpload}s.
 */
final class InputWriter {

	private final JsonMapper mapper;

	InputWriter(JsonMapper mapper) {
		SimpleModule module = new SimpleModule("requence-uploads");
		module.addSerializer(new UploadSerializer<>(TaskUpload.class) {

			@Override
			TaskUpload upload(TaskUpload value) {
				return value;
			}

		});
		module.addSerializer(new UploadSerializer<>(Resource.class) {

			@Override
			TaskUpload upload(Resource value) {
				return TaskUpload.of(value);
			}

		});
		module.addSerializer(new UploadSerializer<>(InputStream.class) {

			@Override
			TaskUpload upload(InputStream value) {
				return TaskUpload.of(value);
			}

		});
		this.mapper = mapper.rebuild().addModule(module).build();
	}

	/**
	 * Write an input. If that is not possible, the streams in it are closed.
	 * @param input the input
	 * @return the input as a tree
	 * @throws TaskPayloadException if it cannot be written as an object
	 */
	ObjectNode write(Object input) {
		List<TaskUpload> uploads = new ArrayList<>();
		try {
			return tree(input, uploads);
		}
		catch (TaskPayloadException ex) {
			uploads.forEach(TaskUpload::closeStream);
			throw ex;
		}
	}

	private ObjectNode tree(Object input, List<TaskUpload> uploads) {
		JsonNode tree;
		try (TokenBuffer buffer = TokenBuffer.forGeneration()) {
			this.mapper.writer().withAttribute(TaskUpload.class, uploads).writeValue(buffer, input);
			tree = this.mapper.readTree(buffer.asParser());
		}
		catch (JacksonException | StackOverflowError | LinkageError ex) {
			// Neither message nor cause: both may quote values of the input
			throw new TaskPayloadException("Cannot write the input, " + input.getClass().getName() + ", as JSON: "
					+ ex.getClass().getSimpleName());
		}
		if (tree instanceof ObjectNode object) {
			return object;
		}
		throw new TaskPayloadException("Cannot write the input, " + input.getClass().getName()
				+ ", as a JSON object. Use a map, or an object with properties");
	}

	/**
	 * Embeds a file or a stream.
	 *
	 * @param <T> the type of the value
	 */
	private abstract static class UploadSerializer<T> extends StdSerializer<T> {

		UploadSerializer(Class<T> type) {
			super(type);
		}

		abstract TaskUpload upload(T value);

		@Override
		public void serialize(T value, JsonGenerator generator, SerializationContext context) {
			TaskUpload upload = upload(value);
			if (context.getAttribute(TaskUpload.class) instanceof List<?> uploads) {
				remember(upload, uploads);
			}
			generator.writeEmbeddedObject(upload);
		}

		@SuppressWarnings("unchecked")
		private static void remember(TaskUpload upload, List<?> uploads) {
			((List<TaskUpload>) uploads).add(upload);
		}

		@Override
		public void serializeWithType(T value, JsonGenerator generator, SerializationContext context,
				@Nullable TypeSerializer typeSerializer) {
			serialize(value, generator, context);
		}

	}

}
