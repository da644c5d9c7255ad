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

package cloud.requence.samples.auditlog.search;

import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;

import cloud.requence.samples.auditlog.entry.EntryKind;
import org.jspecify.annotations.Nullable;

/**
 * What entries have in common that are looked for. Values are compared as a whole and
 * with their case, except the text.
 *
 * @param from the earliest time at which it happened
 * @param to the time before which it happened
 * @param task the id of the task
 * @param rootTask the id of the task that started the tree of tasks
 * @param name the name of the task
 * @param type the type of the update
 * @param node the alias of the node, or the id of a node without one
 * @param outcome how the task or the node ended
 * @param kind what the entries are about
 * @param text words of the payload
 */
public record EntryFilter(@Nullable Instant from, @Nullable Instant to, @Nullable String task,
		@Nullable String rootTask, @Nullable String name, @Nullable String type, @Nullable String node,
		@Nullable String outcome, @Nullable EntryKind kind, @Nullable TextQuery text) {

	/** Matches all entries. */
	public static final EntryFilter ALL = new EntryFilter(null, null, null, null, null, null, null, null, null, null);

	/**
	 * Return a filter for all gaps of the same time.
	 * @return a filter without the other conditions
	 */
	public EntryFilter gaps() {
		return new EntryFilter(this.from, this.to, null, null, null, null, null, null, EntryKind.GAP, null);
	}

	/**
	 * Return whether gaps of the time are among the entries that this filter matches.
	 * @return {@code false} if a condition excludes them
	 */
	public boolean includesGaps() {
		return Stream.of(this.task, this.rootTask, this.name, this.type, this.node, this.outcome, this.text)
			.allMatch(Objects::isNull) && (this.kind == null || this.kind == EntryKind.GAP);
	}

}
