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

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import cloud.requence.task.Node;
import cloud.requence.task.NodeDefer;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.NodeError;
import cloud.requence.task.NodeStart;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.UnknownUpdate;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.stream.RawUpdate;

/**
 * Adds to each update what is known of its task from the updates before. What is kept of
 * the open tasks is bounded: a task that had to be forgotten is incomplete from then on.
 * To be used by one thread, apart from {@link #contexts()}.
 */
public final class ContextAssembler {

	private static final long NANOS_PER_MILLI = 1_000_000;

	private final LongSupplier nanoTime;

	private final ContextStore store;

	private final RootTasks rootTasks = new RootTasks();

	/**
	 * Create an assembler.
	 * @param maxBytes how much to keep of all open tasks together, in bytes of heap
	 * @param expireAfter after which silence to forget a task
	 * @param nanoTime the monotonic clock: a change of the time of day expires nothing
	 */
	public ContextAssembler(long maxBytes, Duration expireAfter, LongSupplier nanoTime) {
		Assert.isTrue(maxBytes >= 0, "'maxBytes' must not be negative");
		Assert.notNull(expireAfter, "'expireAfter' must not be null");
		Assert.notNull(nanoTime, "'nanoTime' must not be null");
		this.nanoTime = nanoTime;
		this.store = new ContextStore(maxBytes, millis(expireAfter));
	}

	private long now() {
		return Math.floorDiv(this.nanoTime.getAsLong(), NANOS_PER_MILLI);
	}

	private static long millis(Duration duration) {
		try {
			return duration.toMillis();
		}
		catch (ArithmeticException ex) {
			return Long.MAX_VALUE;
		}
	}

	/**
	 * Complete an update without gaps in front of it.
	 * @param update the update, no repeat of an earlier one
	 * @return the update with its task's context
	 */
	public TaskUpdate assemble(RawUpdate update) {
		return assemble(update, List.of());
	}

	/**
	 * Complete an update.
	 * @param update the update, no repeat of an earlier one
	 * @param gaps the gaps in front of it
	 * @return the update with its task's context
	 */
	public TaskUpdate assemble(RawUpdate update, List<Gap> gaps) {
		long now = now();
		this.store.expire(now);
		TaskState state = switch (update.type()) {
			case TASK_START -> start(update, now);
			case TASK_END, TASK_ERROR, TASK_ABORTED -> end(update);
			case UNKNOWN -> look(update, now);
			default -> advance(update, now);
		};
		return assemble(update, state, gaps);
	}

	/**
	 * Find the root task with whose updates an update has to stay in order. To be called
	 * for each update in order.
	 * @param update the update, no repeat of an earlier one
	 * @return the identifier of a root task; {@code null} if the task may belong to any
	 * root task whose start was not seen
	 */
	public @Nullable String rootOf(RawUpdate update) {
		return this.rootTasks.rootOf(update);
	}

	private TaskState start(RawUpdate update, long now) {
		TaskState state = TaskState.startedBy(update);
		this.store.put(state, now);
		return state;
	}

	private TaskState end(RawUpdate update) {
		TaskState state = this.store.remove(update.taskId());
		if (state == null) {
			state = TaskState.incomplete(update.taskId());
		}
		state.apply(update);
		return state;
	}

	/**
	 * Add what the platform has told of a task whose start was not seen.
	 * @param taskId the identifier of the task
	 * @param snapshot what the platform has told
	 */
	public void complete(String taskId, TaskSnapshot snapshot) {
		TaskState state = this.store.get(taskId);
		if (state != null && !state.isComplete()) {
			long previousSize = state.size();
			state.complete(snapshot);
			this.store.changed(state, previousSize, now());
		}
	}

	// What is not understood does not open a task
	private TaskState look(RawUpdate update, long now) {
		TaskState state = this.store.get(update.taskId());
		return (state != null) ? apply(update, state, now) : TaskState.incomplete(update.taskId());
	}

	private TaskState advance(RawUpdate update, long now) {
		TaskState state = this.store.get(update.taskId());
		if (state != null) {
			return apply(update, state, now);
		}
		state = TaskState.incomplete(update.taskId());
		state.apply(update);
		this.store.put(state, now);
		return state;
	}

	private TaskState apply(RawUpdate update, TaskState state, long now) {
		long previousSize = state.size();
		state.apply(update);
		this.store.changed(state, previousSize, now);
		return state;
	}

	private static TaskUpdate assemble(RawUpdate update, TaskState state, List<Gap> gaps) {
		UpdateHeader header = header(update, state, gaps);
		TaskContext context = state.context();
		return switch (update.type()) {
			case TASK_START -> new TaskStart(header, context, update.payload());
			case NODE_START -> new NodeStart(header, context, node(update));
			case NODE_UPDATE -> new NodeUpdate(header, context, node(update), update.payload(), update.text());
			case NODE_ERROR -> new NodeError(header, context, node(update), update.text());
			case NODE_DEFER -> new NodeDefer(header, context, node(update), update.text());
			case NODE_END -> new NodeEnd(header, context, node(update));
			case TASK_END -> new TaskEnd(header, context, update.payload(), update.text(), update.requireAck());
			case TASK_ERROR -> new TaskError(header, context, update.text(), update.requireAck());
			case TASK_ABORTED -> new TaskAborted(header, context, update.text(), update.requireAck());
			case UNKNOWN -> new UnknownUpdate(header, context, update.typeName(), data(update));
		};
	}

	private static UpdateHeader header(RawUpdate update, TaskState state, List<Gap> gaps) {
		return new UpdateHeader(update.type(), update.taskId(), either(update.rootTaskId(), state.rootTaskId()),
				update.updateId(), either(update.name(), state.name()), update.timestamp(), update.position(),
				!state.isComplete(), update.additional(), gaps);
	}

	private static @Nullable String either(@Nullable String told, @Nullable String known) {
		return (told != null) ? told : known;
	}

	private static Node node(RawUpdate update) {
		Node node = update.node();
		Assert.state(node != null, "The update has no node");
		return node;
	}

	private static TaskPayload data(RawUpdate update) {
		TaskPayload data = update.payload();
		Assert.state(data != null, "The update has no data");
		return data;
	}

	/**
	 * Forget the tasks that were silent for too long. Each update does so as well; this
	 * is for times without any.
	 */
	public void expire() {
		this.store.expire(now());
	}

	/**
	 * Forget all tasks.
	 */
	public void clear() {
		this.store.clear();
		this.rootTasks.clear();
	}

	/**
	 * Return how much is kept. Safe from any thread.
	 * @return what is kept of the open tasks
	 */
	public TaskWatcherStatus.Contexts contexts() {
		return this.store.contexts();
	}

}
