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

package cloud.requence.task.client;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.stream.RawUpdate;
import cloud.requence.task.stream.UpdateConsumer;
import cloud.requence.task.stream.UpdateDecoder;
import cloud.requence.task.stream.UpdateReader;
import cloud.requence.task.support.LogLimit;
import cloud.requence.task.support.Printable;

/**
 * The updates of one connection, and whether its latest one was skipped.
 */
final class ConnectionUpdates implements UpdateConsumer {

	private final String taskId;

	private final UpdateReader reader;

	private final LogLimit warnings;

	private List<RawUpdate> decoded = new ArrayList<>();

	private boolean skipped;

	private @Nullable Long skippedPosition;

	private @Nullable Long advisedDelay;

	ConnectionUpdates(String taskId, UpdateDecoder updateDecoder, int maxEventSize, boolean skipped,
			LogLimit warnings) {
		this.warnings = warnings;
		this.skipped = skipped;
		this.taskId = Printable.name(taskId);
		this.reader = new UpdateReader(updateDecoder, maxEventSize, this);
	}

	/**
	 * Read bytes.
	 * @param bytes the bytes
	 * @return the updates that end in them
	 */
	List<RawUpdate> read(List<ByteBuffer> bytes) {
		this.decoded = new ArrayList<>();
		this.reader.read(bytes);
		return this.decoded;
	}

	@Override
	public void onUpdate(RawUpdate update) {
		this.decoded.add(update);
		this.skipped = false;
	}

	@Override
	public void onIgnored(@Nullable Long position) {
		// Neither an update nor the end of the task
	}

	@Override
	public void onUndecodable(@Nullable Long position, boolean update, String problem, String reason) {
		skip(position, reason);
	}

	@Override
	public void onOversized(@Nullable Long position, long size) {
		skip(position, size + " bytes are more than 'requence.task.connection.max-event-size' allows");
	}

	private void skip(@Nullable Long position, String problem) {
		this.skipped = true;
		this.skippedPosition = position;
		this.warnings.warn("Task " + this.taskId + ": skipped an update at position " + position
				+ " that cannot be decoded (" + problem + ")", null);
	}

	@Override
	public void onRetry(long millis) {
		this.advisedDelay = millis;
	}

	/**
	 * Return whether the latest update was skipped, which may have been the end of the
	 * task.
	 */
	boolean hasSkipped() {
		return this.skipped;
	}

	/**
	 * Return where an update was skipped last.
	 */
	@Nullable Long skippedPosition() {
		return this.skippedPosition;
	}

	@Nullable Long advisedDelay() {
		return this.advisedDelay;
	}

}
