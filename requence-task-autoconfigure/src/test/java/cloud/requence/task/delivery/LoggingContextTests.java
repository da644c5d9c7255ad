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

package cloud.requence.task.delivery;

import java.time.Instant;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import cloud.requence.task.Node;
import cloud.requence.task.NodeStart;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoggingContext}.
 */
class LoggingContextTests {

	private final LoggingContext context = LoggingContext.mdc();

	@AfterEach
	void clear() {
		MDC.clear();
	}

	private static TaskUpdate update(String taskId, @Nullable String name, @Nullable Long position) {
		return new NodeStart(new UpdateHeader(UpdateType.NODE_START, taskId, null, null, name, Instant.EPOCH, position,
				false, Map.of()), TaskContext.of(taskId), new Node("node", null, null));
	}

	@Test
	void namesTheUpdate() {
		this.context.enter(update("task-1", "invoice", 7L));
		assertThat(MDC.getCopyOfContextMap()).containsOnly(Map.entry("requence.task.id", "task-1"),
				Map.entry("requence.task.name", "invoice"), Map.entry("requence.task.position", "7"));
	}

	@Test
	void leavesNothingBehind() {
		MDC.put("other", "stays");
		this.context.enter(update("task-1", "invoice", 7L)).close();
		assertThat(MDC.getCopyOfContextMap()).containsOnly(Map.entry("other", "stays"));
	}

	@Test
	void whatIsUnknownIsMissing() {
		this.context.enter(update("outer", "invoice", 7L));
		this.context.enter(update("inner", null, null));
		assertThat(MDC.getCopyOfContextMap()).containsOnly(Map.entry("requence.task.id", "inner"));
	}

	@Test
	void restoresWhatWasThereBefore() {
		LoggingContext.Scope outer = this.context.enter(update("outer", null, 1L));
		LoggingContext.Scope inner = this.context.enter(update("inner", "invoice", 2L));
		inner.close();
		assertThat(MDC.getCopyOfContextMap()).containsOnly(Map.entry("requence.task.id", "outer"),
				Map.entry("requence.task.position", "1"));
		outer.close();
		assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
	}

	@Test
	void cannotForgeALine() {
		this.context.enter(update("task\n1", "\u2028name\u001b[31m", 7L));
		assertThat(MDC.get("requence.task.id")).isEqualTo("task?1");
		assertThat(MDC.get("requence.task.name")).isEqualTo("?name?[31m");
	}

	@Test
	void isBounded() {
		this.context.enter(update("i".repeat(200), "n".repeat(10_000), 7L));
		assertThat(MDC.get("requence.task.id")).hasSize(200);
		assertThat(MDC.get("requence.task.name")).hasSize(256);
	}

	@Test
	void namesNothingIfItIsOff() {
		LoggingContext.Scope scope = LoggingContext.NONE.enter(update("task-1", "invoice", 7L));
		assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
		scope.close();
	}

}
