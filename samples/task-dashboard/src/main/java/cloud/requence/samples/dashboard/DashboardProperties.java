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

package cloud.requence.samples.dashboard;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the board.
 *
 * @param finishedTasks how many finished tasks are kept
 * @param openTasks how many tasks that have not ended are kept
 * @param maxPayload how much of a single input, output or result is kept
 * @param maxSize about how much memory the tasks may take
 * @param files limits of the files and streams that browsers fetch through the board
 * @param emulator settings of the emulator inside
 */
@ConfigurationProperties("dashboard")
record DashboardProperties(@DefaultValue("500") int finishedTasks, @DefaultValue("2000") int openTasks,
		@DefaultValue("64KB") DataSize maxPayload, @DefaultValue("64MB") DataSize maxSize, @DefaultValue Files files,
		@DefaultValue Emulator emulator) {

	BoardLimits limits() {
		return BoardLimits.DEFAULT.withTasks(this.finishedTasks, this.openTasks)
			.withSize(this.maxPayload, this.maxSize);
	}

	/**
	 * Limits of the files and streams that browsers fetch through the board.
	 *
	 * @param maxOpen how many may be open at a time
	 * @param maxOpenPerViewer how many of them by one user, or without a login by one
	 * address
	 * @param idleTimeout how long one may stand still
	 * @param timeout how long one may take
	 */
	record Files(@DefaultValue("64") int maxOpen, @DefaultValue("8") int maxOpenPerViewer,
			@DefaultValue("60s") Duration idleTimeout, @DefaultValue("10m") Duration timeout) {

		Files {
			if (maxOpen < 1 || maxOpen > 1000 || maxOpenPerViewer < 1) {
				throw new IllegalArgumentException(
						"dashboard.files.max-open must be from 1 to 1000, and max-open-per-viewer at least 1");
			}
		}

	}

	/**
	 * Settings of the emulator, which runs only if there is no access token.
	 *
	 * @param port the port that it listens on; 0 for any
	 * @param scenario settings of the tasks that it plays
	 */
	record Emulator(@DefaultValue("0") int port, @DefaultValue Scenario scenario) {

	}

	/**
	 * Settings of the tasks that the emulator plays.
	 *
	 * @param enabled whether it plays any
	 * @param seed decides which
	 * @param tasksPerMinute how many begin in a minute
	 */
	record Scenario(@DefaultValue("true") boolean enabled, @DefaultValue("1") long seed,
			@DefaultValue("30") double tasksPerMinute) {

	}

}
