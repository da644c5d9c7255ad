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

package cloud.requence.samples.dashboard.board;

import java.time.Duration;
import java.util.Map;

import cloud.requence.samples.dashboard.text.NamePattern;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * After which time tasks need attention. Browsers apply these limits, as time passes for
 * them without a message as well.
 *
 * @param failedFor how long a failed task needs attention
 * @param silentAfter after which time without an update a running task does, unless it
 * was deferred
 * @param unacknowledgedAfter after which time an ended task does that has to be
 * acknowledged
 * @param overdueAfter how long a task may run of whose name too few have ended
 * @param overdueByName how long tasks of a name may run; names may contain {@code *}
 */
@ConfigurationProperties("dashboard.attention")
record AttentionProperties(@DefaultValue("24h") Duration failedFor, @DefaultValue("15m") Duration silentAfter,
		@DefaultValue("2m") Duration unacknowledgedAfter, @DefaultValue("1h") Duration overdueAfter,
		@DefaultValue Map<String, Duration> overdueByName) {

	static final AttentionProperties DEFAULT = new AttentionProperties(Duration.ofHours(24), Duration.ofMinutes(15),
			Duration.ofMinutes(2), Duration.ofHours(1), Map.of());

	/**
	 * Return how long a task may run.
	 * @param name the name of the task
	 * @param usual the limit that follows from earlier tasks of this name; {@code null}
	 * if there were too few
	 * @return the limit of the longest pattern that matches the name, otherwise the usual
	 * one
	 */
	Duration overdueAfter(@Nullable String name, @Nullable Duration usual) {
		Duration otherwise = (usual != null) ? usual : this.overdueAfter;
		if (name == null) {
			return otherwise;
		}
		return this.overdueByName.entrySet()
			.stream()
			.filter((entry) -> NamePattern.matches(entry.getKey(), name))
			.max((one, other) -> Integer.compare(one.getKey().length(), other.getKey().length()))
			.map(Map.Entry::getValue)
			.orElse(otherwise);
	}

	Limits limits() {
		return new Limits(this.failedFor.toMillis(), this.silentAfter.toMillis(), this.unacknowledgedAfter.toMillis());
	}

	/**
	 * The limits that browsers apply, in milliseconds.
	 *
	 * @param failedFor how long a failed task needs attention
	 * @param silentAfter after which time without an update a running task does
	 * @param unacknowledgedAfter after which time a task does that has to be acknowledged
	 */
	record Limits(long failedFor, long silentAfter, long unacknowledgedAfter) {

	}

}
