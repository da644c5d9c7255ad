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

package cloud.requence.emulator.scenario;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * A node of a blueprint.
 *
 * @param alias the node's alias
 * @param type the node's type
 * @param minSeconds how long it takes at least
 * @param maxSeconds how long it takes at most
 * @param output the named output of its data, if any
 * @param calls the template of the sub-task that it waits for, if any
 * @param data its data
 * @param attachments the files in its data
 */
record NodeBlueprint(String alias, String type, int minSeconds, int maxSeconds, @Nullable String output,
		@Nullable String calls, Function<CaseData, Map<String, Object>> data, Attachments attachments) {

	static NodeBlueprint service(String alias, int minSeconds, int maxSeconds,
			Function<CaseData, Map<String, Object>> data) {
		return new NodeBlueprint(alias, "service", minSeconds, maxSeconds, null, null, data, Attachments.NONE);
	}

	static NodeBlueprint decision(String alias, String output, Function<CaseData, Map<String, Object>> data) {
		return new NodeBlueprint(alias, "logic", 1, 2, output, null, data, Attachments.NONE);
	}

	static NodeBlueprint call(String alias, String template) {
		return new NodeBlueprint(alias, "reference", 1, 1, null, template, (data) -> Map.of("template", template),
				Attachments.NONE);
	}

	NodeBlueprint with(Attachments attachments) {
		return new NodeBlueprint(this.alias, this.type, this.minSeconds, this.maxSeconds, this.output, this.calls,
				this.data, attachments);
	}

	Map<String, Object> dataOf(Documents documents, CaseData caseData) {
		Map<String, Object> values = new LinkedHashMap<>(this.data.apply(caseData));
		values.putAll(this.attachments.of(documents, caseData));
		return values;
	}

}
