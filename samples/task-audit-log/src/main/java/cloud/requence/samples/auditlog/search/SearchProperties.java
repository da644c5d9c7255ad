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

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds of searches.
 *
 * @param timeout how long a search of a page or a task may take
 * @param exportTimeout how long an export may take
 * @param concurrent how many searches run at a time, so that connections to the database
 * remain for the recording
 * @param concurrentExports how many exports run at a time
 */
@ConfigurationProperties("audit.search")
record SearchProperties(@DefaultValue("10s") Duration timeout, @DefaultValue("30m") Duration exportTimeout,
		@DefaultValue("4") int concurrent, @DefaultValue("1") int concurrentExports) {
}
