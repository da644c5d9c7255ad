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

import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import cloud.requence.task.TaskReferenceException;
import cloud.requence.task.TaskReferenceException.Reason;
import cloud.requence.task.support.PlatformJson;

/**
 * Replaces claim checks by their values. The claim checks of one payload are limited in
 * depth, number, size and time.
 */
final class ClaimChecks {

	private static final int MAX_DEPTH = 8;

	private static final int MAX_COUNT = 256;

	private final JsonMapper mapper = PlatformJson.mapperBuilder()
		// Numbers are to stay what they are
		.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
		.disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
		.build();

	private final ObjectReader treeReader = this.mapper.readerFor(JsonNode.class);

	private final ReferenceLoader loader;

	ClaimChecks(ReferenceLoader loader) {
		this.loader = loader;
	}

	/**
	 * Resolve a value.
	 * @return the value without claim checks; the same array if there were none, or if it
	 * is not JSON
	 */
	byte[] resolve(byte[] json) {
		JsonNode tree;
		try {
			tree = PlatformJson.read(this.treeReader, json);
		}
		catch (JacksonException ex) {
			// The reader of the payload reports it
			return json;
		}
		Resolution resolution = new Resolution();
		JsonNode resolved = resolution.resolve(tree, 0);
		return (resolution.count > 0) ? this.mapper.writeValueAsBytes(resolved) : json;
	}

	/**
	 * The resolution of one payload.
	 */
	private final class Resolution {

		private final long deadline = System.nanoTime() + ClaimChecks.this.loader.settings().timeout().toNanos();

		private long sizeLeft = ClaimChecks.this.loader.settings().maxSize().toBytes();

		private int count;

		JsonNode resolve(JsonNode node, int depth) {
			if (node instanceof ObjectNode object) {
				Reference reference = Reference.of(object);
				if (reference != null && reference.kind() == Reference.Kind.CLAIM_CHECK) {
					return resolve(fetch(reference, depth), depth + 1);
				}
				for (Map.Entry<String, JsonNode> property : object.properties()) {
					JsonNode resolved = replacement(property.getValue(), depth);
					if (resolved != null) {
						property.setValue(resolved);
					}
				}
			}
			else if (node instanceof ArrayNode array) {
				for (int i = 0; i < array.size(); i++) {
					JsonNode resolved = replacement(array.get(i), depth);
					if (resolved != null) {
						array.set(i, resolved);
					}
				}
			}
			return node;
		}

		private @Nullable JsonNode replacement(JsonNode node, int depth) {
			JsonNode resolved = node.isContainer() ? resolve(node, depth) : node;
			return (resolved != node) ? resolved : null;
		}

		private JsonNode fetch(Reference reference, int depth) {
			if (depth >= MAX_DEPTH || ++this.count > MAX_COUNT) {
				throw new TaskReferenceException(Reason.TOO_LARGE,
						"A reference must not be fetched: claim checks are nested in more than " + MAX_DEPTH
								+ " levels, or are more than " + MAX_COUNT);
			}
			byte[] value = ClaimChecks.this.loader.value(reference.url(), reference.size(), this.sizeLeft,
					this.deadline);
			this.sizeLeft -= value.length;
			try {
				JsonNode tree = PlatformJson.read(ClaimChecks.this.treeReader, value);
				if (tree != null && !tree.isMissingNode()) {
					return tree;
				}
			}
			catch (JacksonException ex) {
				// Reported below: the cause quotes the value
			}
			throw new TaskReferenceException(Reason.MALFORMED,
					"A reference cannot be fetched: the value of a claim check is not JSON");
		}

	}

}
