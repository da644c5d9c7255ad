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
import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcherStatus.Acknowledgements;
import cloud.requence.task.TaskWatcherStatus.Backlog;
import cloud.requence.task.TaskWatcherStatus.CatchUp;
import cloud.requence.task.TaskWatcherStatus.Checkpoint;
import cloud.requence.task.TaskWatcherStatus.Connection;
import cloud.requence.task.TaskWatcherStatus.Contexts;
import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.TaskWatcherStatus.Gaps;
import cloud.requence.task.TaskWatcherStatus.Stall;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TaskWatcherStatus.Updates;

/**
 * The status of a watcher that was never connected, to be changed by tests.
 */
public final class TestStatus {

	private final State state;

	private boolean running = true;

	private boolean expectedToRun = true;

	private TaskWatcherStoppedEvent.@Nullable Reason stopReason;

	private @Nullable CatchUp catchUp;

	private @Nullable Instant connectedSince;

	private @Nullable Instant disconnectedSince;

	private @Nullable Instant lastByte;

	private @Nullable Instant deliveringSince;

	private List<String> subscribers = List.of();

	private boolean everConnected;

	private @Nullable String lastErrorKind;

	private @Nullable Integer lastErrorStatus;

	private @Nullable Checkpoint checkpoint;

	private @Nullable Gap gap;

	private @Nullable String outcomeUnknown;

	private @Nullable Stall stall;

	private TestStatus(State state) {
		this.state = state;
	}

	public static TestStatus of(State state) {
		return new TestStatus(state);
	}

	public TestStatus notRunning(boolean expectedToRun, TaskWatcherStoppedEvent.@Nullable Reason stopReason) {
		this.running = false;
		this.expectedToRun = expectedToRun;
		this.stopReason = stopReason;
		return this;
	}

	public TestStatus connectedSince(Instant since) {
		this.connectedSince = since;
		this.everConnected = true;
		return this;
	}

	public TestStatus lastByte(Instant lastByte) {
		this.lastByte = lastByte;
		return this;
	}

	public TestStatus everConnected() {
		this.everConnected = true;
		return this;
	}

	public TestStatus disconnectedSince(Instant since) {
		this.disconnectedSince = since;
		return this;
	}

	public TestStatus subscribers(String... subscribers) {
		this.subscribers = List.of(subscribers);
		return this;
	}

	public TestStatus deliveringSince(Instant since) {
		this.deliveringSince = since;
		return this;
	}

	public TestStatus lastError(String kind, @Nullable Integer status) {
		this.lastErrorKind = kind;
		this.lastErrorStatus = status;
		return this;
	}

	public TestStatus catchUp(@Nullable CatchUp catchUp) {
		this.catchUp = catchUp;
		return this;
	}

	public TestStatus outcomeUnknown(String outcomeUnknown) {
		this.outcomeUnknown = outcomeUnknown;
		return this;
	}

	public TestStatus gap(Gap gap) {
		this.gap = gap;
		return this;
	}

	public TestStatus checkpoint(Checkpoint checkpoint) {
		this.checkpoint = checkpoint;
		return this;
	}

	public TestStatus stall(Instant since, String reason) {
		this.stall = new Stall(since, reason);
		return this;
	}

	public TaskWatcherStatus build() {
		return new TaskWatcherStatus("requenceTaskWatcher", this.state, Instant.EPOCH, this.running, this.expectedToRun,
				this.stopReason, 12L, 11L, this.outcomeUnknown, this.catchUp == null, this.catchUp,
				new Connection(this.connectedSince, this.disconnectedSince, this.everConnected, this.lastByte, null, 3,
						0, 2, Duration.ofSeconds(1), "private text", this.lastErrorKind, this.lastErrorStatus),
				new Updates(100, 90, 1, 2, 3, 4, 5, 6),
				new Backlog(7, 700, this.deliveringSince, null, 0, false, this.subscribers), new Contexts(8, 800, 9),
				new Acknowledgements(10, 20, 1, 2, 3), new Gaps((this.gap != null) ? 1 : 0, this.gap), this.checkpoint,
				false, this.stall, List.of());
	}

}
