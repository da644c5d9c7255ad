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
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the board. Each outcome has room of its own, so that tasks that succeed
 * never replace those that have failed.
 *
 * @param openTasks how many tasks that have not ended are kept
 * @param finishedTasks how many tasks that have succeeded are kept
 * @param failedTasks how many tasks that have failed are kept
 * @param abortedTasks how many tasks that were aborted are kept
 * @param maxPayload how much of a single input, output or result is kept
 * @param maxSize about how much memory the tasks may take
 * @param updateInterval the shortest time between two messages to a browser
 * @param platformUrl the address of a task's page at the platform, with
 * <code>{taskId}</code> or <code>{rootTaskId}</code>; {@code null} for no link
 */
@ConfigurationProperties("dashboard")
record BoardProperties(@DefaultValue("10000") int openTasks, @DefaultValue("500") int finishedTasks,
		@DefaultValue("2000") int failedTasks, @DefaultValue("500") int abortedTasks,
		@DefaultValue("64KB") DataSize maxPayload, @DefaultValue("64MB") DataSize maxSize,
		@DefaultValue("200ms") Duration updateInterval, @Nullable String platformUrl) {

	/** Identifiers come from the wire: they must not become a part of the host. */
	private static final Pattern URL = Pattern
		.compile("https?://[\\p{Alnum}.\\-\\[\\]:]+[/?#](?:[^\\s{}\"\\\\<>]|\\{(?:taskId|rootTaskId)})*");

	BoardProperties {
		platformUrl = StringUtils.hasText(platformUrl) ? platformUrl.strip() : null;
		if (platformUrl != null && (!URL.matcher(platformUrl).matches() || !platformUrl.contains("askId}"))) {
			throw new IllegalArgumentException("dashboard.platform-url must be an address with http or https and with "
					+ "{taskId} or {rootTaskId} behind the host, such as https://platform.example.com/tasks/{taskId}, "
					+ "and '" + platformUrl + "' is none");
		}
	}

	BoardLimits limits() {
		return BoardLimits.DEFAULT.withTasks(this.openTasks, this.finishedTasks, this.failedTasks, this.abortedTasks)
			.withSize(this.maxPayload, this.maxSize);
	}

}
