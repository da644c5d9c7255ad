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

import cloud.requence.samples.dashboard.alerts.AlertProperties.Kind;
import cloud.requence.samples.dashboard.text.BoundedText;
import org.jspecify.annotations.Nullable;

/**
 * Something that a rule has found just now.
 *
 * @param rule the name of the rule
 * @param kind the kind of the rule
 * @param name the name of the tasks that it is about; empty if it is about the watcher or
 * all tasks
 * @param summary what it is
 * @param count how many tasks are concerned
 * @param firstTask the first of them
 * @param firstError its error
 */
record Finding(String rule, Kind kind, String name, String summary, long count, @Nullable String firstTask,
		@Nullable String firstError) {

	private static final int MAX_SUMMARY = 1000;

	Finding {
		rule = BoundedText.limit(rule, BoundedText.MAX_NAME);
		summary = BoundedText.clean(BoundedText.limit(summary, MAX_SUMMARY));
	}

	static Finding of(String rule, Kind kind, String summary) {
		return new Finding(rule, kind, "", summary, 0, null, null);
	}

}
