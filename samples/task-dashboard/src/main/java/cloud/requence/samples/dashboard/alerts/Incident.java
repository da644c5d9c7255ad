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

package cloud.requence.samples.dashboard.alerts;

import org.jspecify.annotations.Nullable;

/**
 * Something that needs somebody, from its beginning to its end. Times are in milliseconds
 * since the epoch.
 *
 * @param id identifies the incident
 * @param rule the name of the rule
 * @param kind the kind of the rule, such as {@code failure-rate}
 * @param name the name of the tasks that it is about; empty if it is about the watcher or
 * all tasks
 * @param summary what it is, or was at last
 * @param count how many tasks are concerned
 * @param firstTask the first of them
 * @param firstError its error
 * @param openedAt when it began
 * @param resolvedAt when it ended; {@code null} if it has not
 */
record Incident(String id, String rule, String kind, String name, String summary, long count,
		@Nullable String firstTask, @Nullable String firstError, long openedAt, @Nullable Long resolvedAt) {

	static Incident of(String id, Finding finding, long openedAt) {
		return new Incident(id, finding.rule(), finding.kind().id(), finding.name(), finding.summary(), finding.count(),
				finding.firstTask(), finding.firstError(), openedAt, null);
	}

	/**
	 * Return the incident as its rule has found it again.
	 */
	Incident with(Finding finding) {
		return new Incident(this.id, this.rule, this.kind, this.name, finding.summary(), finding.count(),
				this.firstTask, this.firstError, this.openedAt, null);
	}

	Incident resolved(long at) {
		return new Incident(this.id, this.rule, this.kind, this.name, this.summary, this.count, this.firstTask,
				this.firstError, this.openedAt, at);
	}

	boolean isResolved() {
		return this.resolvedAt != null;
	}

}
