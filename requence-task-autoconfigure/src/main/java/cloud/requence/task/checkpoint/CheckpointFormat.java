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

package cloud.requence.task.checkpoint;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import cloud.requence.task.CheckpointException;

/**
 * Writes checkpoints as short JSON, and reads only what it has written.
 */
final class CheckpointFormat {

	private static final int VERSION = 1;

	private static final String REMEDY = "Restore the checkpoint, or remove it to begin at 'since'.";

	// In ASCII, which no store changes: an identifier may contain half of a surrogate
	// pair
	private final JsonMapper mapper = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

	String write(Checkpoint checkpoint) {
		ObjectNode json = this.mapper.createObjectNode();
		json.put("version", VERSION);
		json.put("baseUrl", checkpoint.baseUrl().toString());
		json.put("since", checkpoint.since().toString());
		if (checkpoint.position() != null) {
			json.put("position", checkpoint.position());
		}
		if (!checkpoint.acknowledgements().isEmpty()) {
			ArrayNode acknowledgements = json.putArray("acknowledgements");
			checkpoint.acknowledgements().forEach(acknowledgements::add);
		}
		json.put("writer", checkpoint.writer());
		json.put("revision", checkpoint.revision());
		return this.mapper.writeValueAsString(json);
	}

	Checkpoint read(String text, String place) {
		try {
			JsonNode json = this.mapper.readTree(text);
			JsonNode version = json.path("version");
			if (version.isInt() && version.intValue() > VERSION) {
				throw new CheckpointException("The checkpoint in " + place + " was written by a newer version",
						"Run the version that has written it, or remove it to begin at 'since'.", null);
			}
			if (!version.isInt() || version.intValue() != VERSION) {
				throw unreadable(place, null);
			}
			JsonNode position = json.path("position");
			if (!position.isMissingNode() && !position.isIntegralNumber()) {
				throw unreadable(place, null);
			}
			return new Checkpoint(URI.create(json.required("baseUrl").stringValue()),
					Instant.parse(json.required("since").stringValue()),
					position.isMissingNode() ? null : Long.valueOf(position.longValue()),
					strings(json.path("acknowledgements")), json.required("writer").stringValue(),
					json.required("revision").longValue());
		}
		catch (JacksonException | IllegalArgumentException | DateTimeException ex) {
			throw unreadable(place, ex);
		}
	}

	private static List<String> strings(JsonNode array) {
		List<String> strings = new ArrayList<>();
		array.forEach((element) -> strings.add(element.stringValue()));
		return strings;
	}

	// Not the content, and no cause that quotes it: it may be anything
	private static CheckpointException unreadable(String place, @Nullable Exception cause) {
		String reason = (cause != null) ? " (" + cause.getClass().getSimpleName() + ")" : "";
		return new CheckpointException("The checkpoint in " + place + " cannot be read" + reason, REMEDY, null);
	}

}
