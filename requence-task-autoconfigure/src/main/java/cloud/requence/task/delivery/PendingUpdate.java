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

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.context.RecoveredContext;

/**
 * An update on its way through the delivery. Its places in line belong to the delivery
 * queue and are guarded by it; how often it was tried and has failed, and whether it was
 * handled, belongs to the thread that delivers it.
 */
public final class PendingUpdate {

	private final int size;

	private final @Nullable RecoveredContext recovery;

	private TaskUpdate update;

	private @Nullable Lane lane;

	private long sequence;

	private final @Nullable String rootTaskId;

	// The position of the stream behind the update, if it has moved on
	private @Nullable Long reached;

	private @Nullable String acknowledgement;

	// While others before it are not done
	private @Nullable ProgressStep step;

	// The neighbours in the order of arrival
	@Nullable PendingUpdate previous;

	@Nullable PendingUpdate next;

	// The one behind it in its line
	@Nullable PendingUpdate behind;

	private boolean removed;

	private boolean heldOpen;

	private int attempts;

	private int failures;

	private boolean retriesReported;

	private int unavailable;

	private boolean handled;

	private @Nullable FinalFailure finalFailure;

	private int failedStores;

	private boolean grouped;

	private boolean handledInGroup;

	/**
	 * Create an update that waits for its delivery.
	 * @param update the update
	 * @param size how much memory it holds that nothing else accounts for, in bytes
	 */
	public PendingUpdate(TaskUpdate update, int size) {
		this(update, size, null, (update.rootTaskId() != null) ? update.rootTaskId() : update.taskId());
	}

	/**
	 * Create an update that waits for its delivery.
	 * @param update the update
	 * @param size how much memory it holds that nothing else accounts for, in bytes
	 * @param recovery what completes the update, to be waited for; {@code null} if
	 * nothing does
	 * @param rootTaskId the root task whose updates this one must stay in order with;
	 * {@code null} if it may be any of those whose start was not seen
	 */
	public PendingUpdate(TaskUpdate update, int size, @Nullable RecoveredContext recovery,
			@Nullable String rootTaskId) {
		this.update = update;
		this.size = size;
		this.recovery = recovery;
		this.rootTaskId = rootTaskId;
	}

	/**
	 * Return the update.
	 * @return the update
	 */
	public TaskUpdate update() {
		return this.update;
	}

	int size() {
		return this.size;
	}

	@Nullable String rootTaskId() {
		return this.rootTaskId;
	}

	/**
	 * Return what has to be waited for before the update can be delivered.
	 */
	@Nullable RecoveredContext awaited() {
		return (this.recovery != null && !this.recovery.isDone()) ? this.recovery : null;
	}

	/**
	 * Complete the update with what was waited for.
	 */
	void complete() {
		if (this.recovery != null) {
			this.update = this.recovery.complete(this.update);
		}
	}

	/**
	 * Return the position up to which everything is done once this update is, if nothing
	 * before it waits.
	 */
	@Nullable Long position() {
		return (this.reached != null) ? this.reached : this.update.position();
	}

	void movedOn(Long reached) {
		this.reached = reached;
	}

	/**
	 * Return the task whose end is to be acknowledged once the update is durable.
	 * @return its identifier; {@code null} if there is none
	 */
	public @Nullable String acknowledgement() {
		return this.acknowledgement;
	}

	/**
	 * Let the end of a task be acknowledged once the update is durable.
	 * @param taskId the identifier of the task
	 */
	public void acknowledge(String taskId) {
		this.acknowledgement = taskId;
	}

	@Nullable ProgressStep step() {
		return this.step;
	}

	void step(ProgressStep step) {
		this.step = step;
	}

	boolean isRemoved() {
		return this.removed;
	}

	void removed() {
		this.removed = true;
	}

	/**
	 * Return whether the progress has to wait for more than the delivery.
	 */
	boolean isHeldOpen() {
		return this.heldOpen;
	}

	void holdOpen(boolean heldOpen) {
		this.heldOpen = heldOpen;
	}

	Lane lane() {
		Lane current = this.lane;
		if (current == null) {
			throw new IllegalStateException("The update is in no lane");
		}
		return current;
	}

	long sequence() {
		return this.sequence;
	}

	void line(Lane lane, long sequence) {
		this.lane = lane;
		this.sequence = sequence;
	}

	/**
	 * Count an attempt.
	 * @return which attempt it is, from 1
	 */
	int nextAttempt() {
		return ++this.attempts;
	}

	/**
	 * Count a failure.
	 * @return how often the delivery has failed
	 */
	int failed() {
		return ++this.failures;
	}

	int failures() {
		return this.failures;
	}

	/**
	 * Return whether it is time to report that the update is retried: once.
	 */
	boolean reportRetries() {
		boolean first = !this.retriesReported;
		this.retriesReported = true;
		return first;
	}

	boolean hasReportedRetries() {
		return this.retriesReported;
	}

	void forgetFailures() {
		this.failures = 0;
	}

	/**
	 * Count an attempt that had no chance.
	 * @return how many there were in a row
	 */
	int wasUnavailable() {
		return ++this.unavailable;
	}

	void wasAvailable() {
		this.unavailable = 0;
	}

	/**
	 * Return whether the handler has succeeded, so that the outcome is all that is left
	 * to report.
	 */
	boolean isHandled() {
		return this.handled;
	}

	void handled() {
		this.handled = true;
	}

	/**
	 * Return the failure after which the update is skipped as soon as it is stored as a
	 * dead letter.
	 * @return the failure; {@code null} while the update is to be handled
	 */
	@Nullable FinalFailure finalFailure() {
		return this.finalFailure;
	}

	void failed(FinalFailure finalFailure) {
		this.finalFailure = finalFailure;
	}

	/**
	 * Count an attempt to store the update as a dead letter.
	 * @return how many have failed
	 */
	int couldNotBeStored() {
		return ++this.failedStores;
	}

	/**
	 * Return whether the update may be handled together with others: once, as a group
	 * that has failed is delivered one by one.
	 */
	boolean isGroupable() {
		return !this.handled && !this.grouped && this.attempts == 0;
	}

	/**
	 * The update is part of a group, whether or not the group can be handled.
	 */
	void grouped() {
		this.grouped = true;
	}

	/**
	 * The group has ended before the update, which may be part of another one.
	 */
	void leftOutOfGroup() {
		this.grouped = false;
	}

	/**
	 * Return whether the update was handled together with others.
	 */
	boolean isHandledInGroup() {
		return this.handledInGroup;
	}

	void handledInGroup() {
		this.handled = true;
		this.handledInGroup = true;
	}

}
