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

import cloud.requence.task.support.Printable;
import cloud.requence.task.stream.RawUpdate;
import cloud.requence.task.stream.SseFrame;
import cloud.requence.task.stream.SseFrameConsumer;
import cloud.requence.task.stream.SseFrameDecoder;
import cloud.requence.task.stream.UpdateDecoder;
import cloud.requence.task.stream.UpdateDecodingException;
import cloud.requence.task.support.LogLimit;
import cloud.requence.task.stream.UpdateDecodingException.Problem;

/**
 * Decodes the bytes of one connection. Events that are not updates are skipped with a
 * warning.
 */
final class UpdateFrames implements SseFrameConsumer {

	private final String taskId;

	private final UpdateDecoder updateDecoder;

	private final SseFrameDecoder frameDecoder;

	private final LogLimit warnings;

	private List<RawUpdate> decoded = new ArrayList<>();

	private boolean skipped;

	private @Nullable Long skippedPosition;

	private @Nullable Long advisedDelay;

	UpdateFrames(String taskId, UpdateDecoder updateDecoder, int maxEventSize, boolean skipped, LogLimit warnings) {
		this.warnings = warnings;
		this.skipped = skipped;
		this.taskId = Printable.name(taskId);
		this.updateDecoder = updateDecoder;
		this.frameDecoder = new SseFrameDecoder(maxEventSize, this);
	}

	/**
	 * Decode bytes.
	 * @param bytes the bytes
	 * @return the updates that end in them
	 */
	List<RawUpdate> decode(List<ByteBuffer> bytes) {
		this.decoded = new ArrayList<>();
		for (ByteBuffer buffer : bytes) {
			this.frameDecoder.decode(buffer);
		}
		return this.decoded;
	}

	@Override
	public void onFrame(SseFrame frame) {
		try {
			this.decoded.add(this.updateDecoder.decode(frame));
			this.skipped = false;
		}
		catch (UpdateDecodingException ex) {
			if (ex.problem() != Problem.NO_UPDATE) {
				skip(frame.position(), String.valueOf(ex.getMessage()));
			}
		}
		catch (RuntimeException | StackOverflowError ex) {
			// The message may quote the update
			skip(frame.position(), ex.getClass().getName());
		}
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
