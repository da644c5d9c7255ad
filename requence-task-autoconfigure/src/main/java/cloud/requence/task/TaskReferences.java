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

import java.util.ArrayList;
import java.util.List;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The values of a payload that are stored elsewhere, in the order of the payload. Large
 * values do not belong to them: they are part of the payload.
 *
 * @param files the files, none of which has been fetched
 * @param streams the streams, none of which has been opened
 * @param callbacks the functions of services
 */
public record TaskReferences(List<TaskFile> files, List<TaskStream> streams, List<TaskCallback> callbacks) {

	static final TaskReferences NONE = new TaskReferences(List.of(), List.of(), List.of());

	public TaskReferences {
		files = List.copyOf(files);
		streams = List.copyOf(streams);
		callbacks = List.copyOf(callbacks);
	}

	/**
	 * Find the references in a value.
	 */
	static TaskReferences in(JsonNode value, PayloadReader reader) {
		Search search = new Search(reader);
		search.visit(value);
		return new TaskReferences(search.files, search.streams, search.callbacks);
	}

	/**
	 * Return whether there are no references.
	 * @return whether all lists are empty
	 */
	public boolean isEmpty() {
		return this.files.isEmpty() && this.streams.isEmpty() && this.callbacks.isEmpty();
	}

	/**
	 * One pass over a value.
	 */
	private static final class Search {

		private final PayloadReader reader;

		private final List<TaskFile> files = new ArrayList<>();

		private final List<TaskStream> streams = new ArrayList<>();

		private final List<TaskCallback> callbacks = new ArrayList<>();

		Search(PayloadReader reader) {
			this.reader = reader;
		}

		void visit(JsonNode node) {
			if (!(node instanceof ObjectNode object) || !isReference(object)) {
				node.forEach(this::visit);
			}
		}

		private boolean isReference(ObjectNode object) {
			return switch (object.path(ReferenceMarker.MEMBER).asString("")) {
				case "RequenceFile" -> add(object, TaskFile.class, this.files);
				case "RequenceStream" -> add(object, TaskStream.class, this.streams);
				case "RequenceCallback" -> add(object, TaskCallback.class, this.callbacks);
				default -> false;
			};
		}

		/**
		 * An object whose members do not fit its tag is data like any other.
		 */
		private <T> boolean add(ObjectNode object, Class<T> type, List<T> found) {
			try {
				return found.add(this.reader.read(TaskPayload.of(object.toString()).bytes(), type));
			}
			catch (TaskPayloadException ex) {
				return false;
			}
		}

	}

}
