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
		Options options = Options.of("--suites=start,peers", "--profiles=m", "--pipelines=limit,Jetty", "--rounds=5",
				"--starts=4", "--warm-up=1", "--seconds=0.7", "--scale=10", "--java=/jdk", "--jvm=-Xint,-Xlog:gc",
				"--docs=/docs");
		assertThat(options.suites()).containsExactly(Suite.PEERS, Suite.START);
		assertThat(options.profiles()).containsExactly(Profile.M);
		assertThat(options.rounds()).isEqualTo(5);
		assertThat(options.warmUp()).isOne();
		assertThat(options.starts()).isEqualTo(4);
		assertThat(options.time()).hasMillis(700);
		assertThat(options.seconds()).isEqualTo("0.7");
		assertThat(options.scaled(1000)).isEqualTo(100);
		assertThat(options.java()).isEqualTo(Path.of("/jdk"));
		assertThat(options.jvm()).containsExactly("-Xint", "-Xlog:gc");
		assertThat(options.docs()).isEqualTo(Path.of("/docs"));
		assertThat(options.includes(Pipeline.LIMIT)).isTrue();
		assertThat(options.includes(Pipeline.STARTER)).isFalse();
	}

	@Test
	void areRefusedIfNobodyKnowsThem() {
		assertThatIllegalArgumentException().isThrownBy(() -> Options.of("--round=3"))
			.withMessageContaining("--round")
			.withMessageContaining("rounds");
	}

}
