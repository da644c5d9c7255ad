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

package cloud.requence.task.context;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static cloud.requence.task.context.RawUpdates.nodeStart;
import static cloud.requence.task.context.RawUpdates.taskEnd;
import static cloud.requence.task.context.RawUpdates.taskStart;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RootTasks}.
 */
class RootTasksTests {

	private final RootTasks rootTasks = new RootTasks();

	private @Nullable String start(String taskId, @Nullable String rootTaskId) {
		return this.rootTasks.rootOf(taskStart(taskId, null, null, rootTaskId));
	}

	private @Nullable String update(String taskId) {
		return this.rootTasks.rootOf(nodeStart(taskId));
	}

	private @Nullable String end(String taskId) {
		return this.rootTasks.rootOf(taskEnd(taskId, null));
	}

	@Test
	void aTaskThatStartsWithoutARootIsItsOwn() {
		assertThat(start("root", null)).isEqualTo("root");
		assertThat(update("root")).isEqualTo("root");
		assertThat(end("root")).isEqualTo("root");
	}

	@Test
	void aTaskMayNameItself() {
		assertThat(start("root", "root")).isEqualTo("root");
	}

	@Test
	void aSubTaskBelongsToTheRootThatItsStartHasNamed() {
		start("root", null);
		assertThat(start("sub", "root")).isEqualTo("root");
		assertThat(update("sub")).isEqualTo("root");
		assertThat(end("sub")).isEqualTo("root");
	}

	@Test
	void aSubTaskMayNameAnotherSubTask() {
		start("root", null);
		start("sub", "root");
		assertThat(start("below", "sub")).isEqualTo("root");
	}

	@Test
	void aTaskWhoseStartWasNotSeenMayBelongToAny() {
		assertThat(update("task")).isNull();
		assertThat(end("task")).isNull();
	}

	@Test
	void aSubTaskOfATaskWhoseStartWasNotSeenMayBelongToAny() {
		assertThat(start("sub", "root")).isNull();
		assertThat(update("sub")).isNull();
		assertThat(update("root")).isNull();
	}

	@Test
	void anUpdateOfASubTaskMayArriveAfterTheEndOfTheRoot() {
		start("root", null);
		start("sub", "root");
		end("root");
		assertThat(update("sub")).isEqualTo("root");
		assertThat(start("late", "root")).isEqualTo("root");
	}

	@Test
	void anUpdateMayArriveAfterTheEndOfItsTask() {
		start("root", null);
		end("root");
		assertThat(update("root")).isEqualTo("root");
	}

	@Test
	void aRootIsRememberedForAsLongAsASubTaskIsActive() {
		start("root", null);
		start("sub", "root");
		end("root");
		for (int i = 0; i < 60_000; i++) {
			start("other " + i, null);
			if (i % 1000 == 0) {
				update("sub");
			}
			end("other " + i);
		}
		assertThat(update("sub")).isEqualTo("root");
		assertThat(start("late", "root")).isEqualTo("root");
	}

	@Test
	void whatIsKeptIsBounded() {
		start("root", null);
		for (int i = 0; i < 60_000; i++) {
			start("other " + i, null);
		}
		assertThat(update("root")).isNull();
		assertThat(update("other 59999")).isEqualTo("other 59999");
	}

	@Test
	void nothingIsKnownAfterARestart() {
		start("root", null);
		this.rootTasks.clear();
		assertThat(update("root")).isNull();
	}

}
