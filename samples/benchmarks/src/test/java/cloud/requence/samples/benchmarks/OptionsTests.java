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

package cloud.requence.samples.benchmarks;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Options}.
 */
class OptionsTests {

	@Test
	void runEverythingUnlessTold() {
		Options options = Options.of();
		assertThat(options.suites()).containsExactly(Suite.values());
		assertThat(options.profiles()).containsExactly(Profile.values());
		assertThat(options.java()).isEqualTo(Path.of(System.getProperty("java.home")));
	}

	@Test
	void mayBeNamed() {
		Options options = Options.of("--suites=heap,start", "--profiles=m", "--rounds=5", "--warm-up=1", "--seconds=2",
				"--java=/jdk", "--report=r.md");
		assertThat(options.suites()).containsExactly(Suite.HEAP, Suite.START);
		assertThat(options.profiles()).containsExactly(Profile.M);
		assertThat(options.rounds()).isEqualTo(5);
		assertThat(options.warmUp()).isOne();
		assertThat(options.seconds()).isEqualTo(2);
		assertThat(options.java()).isEqualTo(Path.of("/jdk"));
		assertThat(options.report()).isEqualTo(Path.of("r.md"));
	}

	@Test
	void areRefusedIfNobodyKnowsThem() {
		assertThatIllegalArgumentException().isThrownBy(() -> Options.of("--round=3"))
			.withMessageContaining("--round")
			.withMessageContaining("rounds");
	}

}
