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

package cloud.requence.samples.relay.publishing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schema of the values of records, as documented, but without room for members that
 * it does not know: readers ignore those, and a writer has none.
 */
final class UpdateSchema {

	private static final Path FILE = Path.of("../../docs/schema/task-update-v1.json");

	private static final List<String> OBJECTS = List.of("header", "gap", "context", "node");

	private static final Schema SCHEMA = load();

	private UpdateSchema() {
	}

	private static Schema load() {
		try {
			ObjectNode schema = (ObjectNode) JsonMapper.shared().readTree(Files.readString(FILE));
			schema.put("unevaluatedProperties", false);
			ObjectNode definitions = (ObjectNode) schema.get("$defs");
			OBJECTS.forEach((name) -> ((ObjectNode) definitions.get(name)).put("additionalProperties", false));
			return SchemaRegistry
				.withDefaultDialect(SpecificationVersion.DRAFT_2020_12,
						(registry) -> registry
							.schemaRegistryConfig(SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()))
				.getSchema(schema);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what is wrong with a value.
	 * @param json the value
	 * @return messages, none if it has the documented form
	 */
	static List<String> errors(String json) {
		return SCHEMA.validate(json, InputFormat.JSON).stream().map(String::valueOf).toList();
	}

}
