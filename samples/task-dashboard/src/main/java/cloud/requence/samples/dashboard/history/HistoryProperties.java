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

package cloud.requence.samples.dashboard.history;

import java.nio.file.Path;
import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the history.
 *
 * @param file the file of the database, without its extension, unless
 * {@code spring.datasource.url} is set
 * @param retention how long tasks are kept after their last update
 * @param maxSize about how much all tasks may take; the oldest are deleted first
 * @param maxPayload how much of a single input, output or result is kept
 * @param maxExport how many tasks an export has at most
 * @param queryTimeout how long a query may take
 */
@ConfigurationProperties("dashboard.history")
record HistoryProperties(@DefaultValue("task-dashboard-history") Path file, @DefaultValue("14d") Duration retention,
		@DefaultValue("2GB") DataSize maxSize, @DefaultValue("64KB") DataSize maxPayload,
		@DefaultValue("100000") int maxExport, @DefaultValue("15s") Duration queryTimeout) {

	HistoryProperties {
		if (retention.isNegative() || retention.isZero() || maxExport < 1 || maxPayload.isNegative()
				|| maxPayload.toBytes() > 512 * 1024 || queryTimeout.toSeconds() < 1) {
			throw new IllegalArgumentException("dashboard.history: retention must be positive, max-export at least 1, "
					+ "max-payload at most 512KB, and query-timeout at least 1s");
		}
	}

}
