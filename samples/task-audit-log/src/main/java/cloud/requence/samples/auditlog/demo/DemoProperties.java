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

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the emulator that is recorded if no access token is configured.
 *
 * @param port the port of the emulator, 0 for any
 * @param scenario whether tasks run on it
 * @param tasksPerMinute how many tasks start each minute
 */
@ConfigurationProperties("audit.demo")
record DemoProperties(@DefaultValue("9421") int port, @DefaultValue("true") boolean scenario,
		@DefaultValue("30") int tasksPerMinute) {
}
