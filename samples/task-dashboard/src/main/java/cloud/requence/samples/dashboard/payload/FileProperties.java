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

package cloud.requence.samples.dashboard.payload;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits of the files and streams that browsers fetch through the board.
 *
 * @param maxOpen how many may be open at a time
 * @param maxOpenPerViewer how many of them by one user, or without a login by one address
 * @param idleTimeout how long one may stand still
 * @param timeout how long one may take
 */
@ConfigurationProperties("dashboard.files")
record FileProperties(@DefaultValue("64") int maxOpen, @DefaultValue("8") int maxOpenPerViewer,
		@DefaultValue("60s") Duration idleTimeout, @DefaultValue("10m") Duration timeout) {

	FileProperties {
		if (maxOpen < 1 || maxOpen > 1000 || maxOpenPerViewer < 1) {
			throw new IllegalArgumentException(
					"dashboard.files.max-open must be from 1 to 1000, and max-open-per-viewer at least 1");
		}
	}

}
