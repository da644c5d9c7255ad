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
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The regular course of the tasks of one template.
 *
 * @param template the template
 * @param name the name of a task
 * @param input the input of a task
 * @param attachments the files in the input
 * @param result the result of a task
 * @param exits the exits that a task may take
 * @param nodes the nodes in their order
 */
record Blueprint(String template, Function<CaseData, String> name, Function<CaseData, Map<String, Object>> input,
		Attachments attachments, Function<CaseData, Map<String, Object>> result, List<String> exits,
		List<NodeBlueprint> nodes) {

	Map<String, Object> inputOf(Documents documents, CaseData data) {
		Map<String, Object> input = new LinkedHashMap<>(this.input.apply(data));
		input.putAll(this.attachments.of(documents, data));
		return input;
	}

}
