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

package cloud.requence.task.stream;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StreamExecutor}.
 */
class StreamExecutorTests {

	private final List<Runnable> handedOver = new ArrayList<>();

	private final StreamExecutor executor = new StreamExecutor(this.handedOver::add);

	@Test
	void tasksThatConnectRunOnOtherThreads() {
		Runnable task = () -> {
		};
		this.executor.execute(task);
		assertThat(this.handedOver).containsExactly(task);
	}

	@Test
	void tasksThatReadRunAtOnce() {
		List<String> done = new ArrayList<>();
		this.executor.started();
		this.executor.execute(() -> done.add("read"));
		assertThat(done).containsExactly("read");
		assertThat(this.handedOver).isEmpty();
	}

	@Test
	void aTaskThatFailsDoesNotEndTheThreadOfTheClient() {
		this.executor.started();
		assertThatCode(() -> this.executor.execute(() -> {
			throw new OutOfMemoryError("expected");
		})).doesNotThrowAnyException();
	}

}
