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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link BoardProperties}.
 */
class BoardPropertiesTests {

	private static BoardProperties properties(String platformUrl) {
		return new BoardProperties(1, 1, 1, 1, DataSize.ofKilobytes(1), DataSize.ofMegabytes(1), Duration.ofSeconds(1),
				platformUrl);
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://platform.example.com/tasks/{taskId}",
			"http://[::1]:8080/?root={rootTaskId}#{taskId}", "https://platform.example.com/%7Bx%7D/{rootTaskId}" })
	void takesAddressesOfTasks(String url) {
		assertThat(properties(" " + url).platformUrl()).isEqualTo(url);
	}

	@Test
	void needsNone() {
		assertThat(properties(" ").platformUrl()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "javascript:alert('{taskId}')", "ftp://platform.example.com/{taskId}", "/tasks/{taskId}",
			"https://{taskId}.example.com/", "https://platform.example.com{taskId}", "https://a@b/{taskId}",
			"https://platform.example.com/tasks", "https://platform.example.com/{taskId}/{id}",
			"https://platform.example.com/{ taskId }", "https://platform.example.com/\"{taskId}",
			"https://platform.example.com\\{taskId}", "https:///{taskId}" })
	void refusesOthersAndNamesTheProperty(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> properties(url))
			.withMessageContaining("dashboard.platform-url must be an address with http or https")
			.withMessageContaining(url);
	}

}
