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

package cloud.requence.emulator.junit;

import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

import cloud.requence.emulator.RequenceEmulator;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

/**
 * The emulator in test classes.
 */
class RequenceEmulatorExtensionTests {

	@Test
	void sharesOneEmulatorInAClassAndClosesItAtTheEnd() {
		Example.seen.clear();
		run(Example.class, 3);
		assertThat(Example.seen).hasSize(3).containsOnly(Example.seen.get(0));
		assertThatIOException().isThrownBy(() -> new Socket("127.0.0.1", Example.seen.get(0).port()).close());
	}

	@Test
	void givesTheEmulatorOfAStaticFieldToo() {
		assertThatIllegalStateException().isThrownBy(StaticExample.requence::emulator);
		run(StaticExample.class, 1);
	}

	private static void run(Class<?> testClass, int tests) {
		EngineTestKit.engine("junit-jupiter")
			.selectors(selectClass(testClass))
			.execute()
			.testEvents()
			.assertStatistics((statistics) -> statistics.succeeded(tests).failed(0));
	}

	@ExtendWith(RequenceEmulatorExtension.class)
	@TestMethodOrder(MethodOrderer.MethodName.class)
	static class Example {

		static final List<RequenceEmulator> seen = new ArrayList<>();

		@Test
		void firstTestLeavesTraces(RequenceEmulator emulator) {
			seen.add(emulator);
			emulator.task("invoice").requireAck().start().end(null);
			emulator.faults().always().answer(500, "");
			assertThat(emulator.awaitingDelivery()).isNotEmpty();
		}

		@Test
		void secondTestSeesNone(RequenceEmulator emulator) {
			seen.add(emulator);
			assertThat(emulator.awaitingDelivery()).isEmpty();
			assertThat(emulator.lastPosition()).isEqualTo(2);
		}

		@Nested
		class Inside {

			@Test
			void sharesIt(RequenceEmulator emulator) {
				seen.add(emulator);
			}

		}

	}

	static class StaticExample {

		@RegisterExtension
		static final RequenceEmulatorExtension requence = new RequenceEmulatorExtension();

		@Test
		void isTheSame(RequenceEmulator emulator) {
			assertThat(requence.emulator()).isSameAs(emulator);
		}

	}

}
