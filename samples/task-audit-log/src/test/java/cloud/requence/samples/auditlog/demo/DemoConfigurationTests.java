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
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link DemoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DemoConfigurationTests {

	private final DemoProperties properties = new DemoProperties(0, true, 30);

	@Test
	void givesTasksOtherIdsAfterEachStart() {
		assertThat(idOfFirstTask()).isNotEqualTo(idOfFirstTask());
	}

	@Test
	void namesThePropertyForAPortThatIsInUse(CapturedOutput output) {
		try (RequenceEmulator emulator = new DemoConfiguration().requenceEmulator(this.properties)) {
			String port = "--audit.demo.port=" + emulator.baseUrl().getPort();
			SpringApplication second = new SpringApplication(Demo.class);
			second.setWebApplicationType(WebApplicationType.NONE);
			assertThatException().isThrownBy(() -> second.run(port));
			assertThat(output).contains("The emulator cannot listen on port " + emulator.baseUrl().getPort())
				.contains("Set audit.demo.port to another one, or to 0 for any")
				.contains("requence.task.access-token")
				.doesNotContain("\tat ");
		}
	}

	private String idOfFirstTask() {
		try (RequenceEmulator emulator = new DemoConfiguration().requenceEmulator(this.properties)) {
			emulator.start();
			return emulator.task("order").start().taskId();
		}
	}

	@Configuration(proxyBeanMethods = false)
	@Import(DemoConfiguration.class)
	@EnableConfigurationProperties(DemoProperties.class)
	static class Demo {

	}

}
