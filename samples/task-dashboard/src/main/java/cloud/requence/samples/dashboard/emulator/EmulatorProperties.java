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

package cloud.requence.samples.dashboard.emulator;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the emulator, which runs only if there is no access token.
 *
 * @param port the port that it listens on; 0 for any
 * @param scenario settings of the tasks that it plays
 */
@ConfigurationProperties("dashboard.emulator")
record EmulatorProperties(@DefaultValue("0") int port, @DefaultValue Scenario scenario) {

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
