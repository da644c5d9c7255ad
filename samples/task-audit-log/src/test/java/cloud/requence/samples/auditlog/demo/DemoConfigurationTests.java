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

package cloud.requence.samples.auditlog.demo;

import cloud.requence.emulator.RequenceEmulator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DemoConfiguration}.
 */
class DemoConfigurationTests {

	private final DemoProperties properties = new DemoProperties(0, true, 30);

	@Test
	void givesTasksOtherIdsAfterEachStart() {
		assertThat(idOfFirstTask()).isNotEqualTo(idOfFirstTask());
	}

	private String idOfFirstTask() {
		try (RequenceEmulator emulator = new DemoConfiguration().requenceEmulator(this.properties)) {
			emulator.start();
			return emulator.task("order").start().taskId();
		}
	}

}
