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

package cloud.requence.samples.auditlog.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.search.EntryCursor;
import cloud.requence.samples.auditlog.search.EntryPage;
import cloud.requence.samples.auditlog.search.FoundEntry;
import cloud.requence.samples.auditlog.web.LineChanges.Line;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.stereotype.Component;

/**
 * Makes the history of a task of its entries: everything in order, and each output of a
 * node compared with its version before.
 */
@Component
class TaskHistories {

	private final JsonMapper mapper;

	TaskHistories(JsonMapper mapper) {
		this.mapper = mapper;
	}

	/**
	 * Make a history.
	 * @param id the id of the task
	 * @param page its entries
	 * @param fromStart whether the first entry of the page is the first of the task
	 */
	TaskHistory of(String id, EntryPage page, boolean fromStart) {
		List<Step> steps = new ArrayList<>();
		Map<List<@Nullable String>, Version> newest = new HashMap<>();
		String name = null;
		String root = null;
		FoundEntry end = null;
		for (FoundEntry found : page.entries()) {
			Entry entry = found.entry();
			steps.add(step(found, newest));
			name = (entry.taskName() != null) ? entry.taskName() : name;
			root = (entry.rootTaskId() != null) ? entry.rootTaskId() : root;
			end = (entry.outcome() != null && entry.nodeId() == null && entry.nodeAlias() == null) ? found : end;
		}
		return new TaskHistory(id, name, id.equals(root) ? null : root, end, steps, fromStart, page.newer());
	}

	private Step step(FoundEntry found, Map<List<@Nullable String>, Version> newest) {
		String body = found.body();
		if (body == null) {
			return new Step(found, null, 0, null, List.of());
		}
		List<String> lines = JsonLines.of(body);
		if (!"nodeUpdate".equals(found.entry().updateType())) {
			return new Step(found, null, 0, null, LineChanges.none(lines));
		}
		String output = output(body);
		List<@Nullable String> key = new ArrayList<>();
		key.add(found.entry().nodeId());
		key.add(found.entry().nodeAlias());
		key.add(output);
		Version before = newest.get(key);
		Version version = new Version((before != null) ? before.number() + 1 : 1, found.entry().sequence(), lines);
		newest.put(key, version);
		if (before == null) {
			return new Step(found, output, version.number(), null, LineChanges.none(lines));
		}
		return new Step(found, output, version.number(), before.sequence(), LineChanges.between(before.lines(), lines));
	}

	private @Nullable String output(String body) {
		try {
			JsonNode output = this.mapper.readTree(body).path("output");
			return output.isString() ? output.stringValue() : null;
		}
		catch (JacksonException ex) {
			// Deeper or longer than is parsed, and shown all the same
			return null;
		}
	}

	private record Version(int number, long sequence, List<String> lines) {
	}

	/**
	 * The history of a task, or a part of it.
	 *
	 * @param id the id of the task
	 * @param name its name; {@code null} if no entry has it
	 * @param root the task that started the tree of tasks; {@code null} if it is this
	 * one, or not known
	 * @param end the entry with which it ended; {@code null} if there is none on this
	 * page
	 * @param steps its entries in order
	 * @param fromStart whether the first step is the first of the task
	 * @param next where the rest follows; {@code null} if there is none
	 */
	record TaskHistory(String id, @Nullable String name, @Nullable String root, @Nullable FoundEntry end,
			List<Step> steps, boolean fromStart, @Nullable EntryCursor next) {
	}

	/**
	 * An entry in the history of a task.
	 *
	 * @param found the entry
	 * @param output the name of the output of a node
	 * @param version the number of the version of the output, from 1 on each page; 0 if
	 * it is none
	 * @param comparedWith the sequence of the version before
	 * @param lines the payload, with the lines that the version before had
	 */
	record Step(FoundEntry found, @Nullable String output, int version, @Nullable Long comparedWith, List<Line> lines) {

		/**
		 * Return whether the version does not differ from the one before.
		 */
		public boolean isUnchanged() {
			return this.comparedWith != null && this.lines.stream().allMatch((line) -> line.sign().equals(" "));
		}

	}

}
