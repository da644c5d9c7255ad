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

package cloud.requence.task.support;

import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import cloud.requence.task.Node;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WeakIdentityMap}.
 */
class WeakIdentityMapTests {

	private final WeakIdentityMap<TaskUpdate, List<String>> values = new WeakIdentityMap<>();

	@Test
	void remembersSomethingUntilItIsTaken() {
		TaskUpdate update = update();
		this.values.put(update, List.of("listener"));
		assertThat(this.values.contains(update)).isTrue();
		assertThat(this.values.take(update)).containsExactly("listener");
		assertThat(this.values.contains(update)).isFalse();
		assertThat(this.values.take(update)).isNull();
	}

	@Test
	void tellsEqualObjectsApart() {
		TaskUpdate update = update();
		this.values.put(update, List.of("listener"));
		assertThat(update()).isEqualTo(update);
		assertThat(this.values.take(update())).isNull();
	}

	@Test
	void forgetsObjectsThatAreNoLongerReachable() {
		TaskUpdate held = update();
		this.values.put(held, List.of("listener"));
		for (int i = 0; i < 100; i++) {
			this.values.put(update(), List.of());
		}
		Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> {
			System.gc();
			this.values.put(held, List.of("listener"));
			return this.values.size() < 10;
		});
		assertThat(this.values.take(held)).containsExactly("listener");
	}

	private static TaskUpdate update() {
		return new NodeEnd(UpdateHeader.of(UpdateType.NODE_END, "1"), TaskContext.of("1"), new Node("1", null, null));
	}

}
