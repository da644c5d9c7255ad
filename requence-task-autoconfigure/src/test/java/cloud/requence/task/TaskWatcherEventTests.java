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

package cloud.requence.task;

import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class TaskWatcherEventTests {

	private final TaskWatcher watcher = mock(TaskWatcher.class);

	@BeforeEach
	void nameTheWatcher() {
		given(this.watcher.name()).willReturn("billing");
	}

	@Test
	void saysWhyTheWatcherHasStopped() {
		assertThat(new TaskWatcherStoppedEvent(this.watcher, TaskWatcherStoppedEvent.Reason.NOT_LEADER))
			.hasToString("TaskWatcherStoppedEvent[watcher=billing, reason=NOT_LEADER]");
	}

	@Test
	void saysHowTheConnectionIs() {
		assertThat(new TaskWatcherConnectedEvent(this.watcher, Duration.ofSeconds(7), 3, false))
			.hasToString("TaskWatcherConnectedEvent[watcher=billing, outage=PT7S, attempts=3, afterRefusal=false]");
		assertThat(new TaskWatcherReconnectingEvent(this.watcher, 2, Duration.ofSeconds(1), "refused"))
			.hasToString("TaskWatcherReconnectingEvent[watcher=billing, attempt=2, delay=PT1S, cause=refused]");
		assertThat(new TaskWatcherErrorEvent(this.watcher, 503, "busy", true))
			.hasToString("TaskWatcherErrorEvent[watcher=billing, status=503, reason=busy, unreachable=true]");
	}

	@Test
	void saysHowQuietThePlatformIs() {
		assertThat(new TaskWatcherIdleEvent(this.watcher, Duration.ofMinutes(1)))
			.hasToString("TaskWatcherIdleEvent[watcher=billing, idle=PT1M]");
		assertThat(new TaskWatcherNoLongerIdleEvent(this.watcher, Duration.ofMinutes(2)))
			.hasToString("TaskWatcherNoLongerIdleEvent[watcher=billing, idle=PT2M]");
		assertThat(new TaskWatcherCaughtUpEvent(this.watcher)).hasToString("TaskWatcherCaughtUpEvent[watcher=billing]");
	}

	@Test
	void namesTheUpdateWithoutItsPayload() {
		TaskUpdate end = TestTask.of("task\nforged").end("secret");
		assertThat(new TaskUpdateFailedEvent(this.watcher, end, new IllegalStateException("secret"))).asString()
			.startsWith("TaskUpdateFailedEvent[watcher=billing, update=taskEnd, taskId=task?forged, position=")
			.endsWith(", exception=java.lang.IllegalStateException]");
		assertThat(new TaskUpdateEvent<>(this.watcher, end)).asString()
			.startsWith("TaskUpdateEvent[type=taskEnd, taskId=task?forged, position=")
			.doesNotContain("secret");
	}

}
