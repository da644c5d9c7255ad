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

import java.nio.ByteBuffer;
import java.util.List;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.stream.UpdateDecodingException.Problem;

/**
 * Reads the updates of one connection from its bytes. Not safe for use by several
 * threads.
 */
public final class UpdateReader {

	private static final String UNEXPECTED = "UNEXPECTED";

	private final SseFrameDecoder frameDecoder;

	private final UpdateDecoder updateDecoder;

	private final UpdateConsumer consumer;

	private long events;

	/**
	 * Create a reader.
	 * @param updateDecoder decodes events
	 * @param maxEventSize the maximum size of the fields of an event, in bytes
	 * @param consumer what takes the updates
	 */
	public UpdateReader(UpdateDecoder updateDecoder, int maxEventSize, UpdateConsumer consumer) {
		this.updateDecoder = updateDecoder;
		this.consumer = consumer;
		this.frameDecoder = new SseFrameDecoder(maxEventSize, new Frames());
	}

	/**
	 * Change the maximum size of events, from the next one on.
	 * @param maxEventSize the maximum size of the fields of an event, in bytes
	 */
	public void maxEventSize(int maxEventSize) {
		this.frameDecoder.maxEventSize(maxEventSize);
	}

	/**
	 * Read the next bytes, and pass the updates that end in them to the consumer.
	 * @param bytes the bytes, all of which are consumed
	 */
	public void read(List<ByteBuffer> bytes) {
		for (ByteBuffer buffer : bytes) {
			this.frameDecoder.decode(buffer);
		}
	}

	/**
	 * Return how many events have ended so far, updates or not.
	 * @return the number of events
	 */
	public long events() {
		return this.events;
	}

	/**
	 * Decodes the events.
	 */
	private final class Frames implements SseFrameConsumer {

		@Override
		public void onFrame(SseFrame frame) {
			UpdateReader.this.events++;
			try {
				UpdateReader.this.consumer.onUpdate(UpdateReader.this.updateDecoder.decode(frame));
			}
			catch (UpdateDecodingException ex) {
				if (ex.problem() == Problem.NO_UPDATE) {
					UpdateReader.this.consumer.onIgnored(frame.position());
				}
				else {
					undecodable(frame, ex.problem().name(), String.valueOf(ex.getMessage()));
				}
			}
			catch (RuntimeException | StackOverflowError ex) {
				// The message may quote the update
				undecodable(frame, UNEXPECTED, ex.getClass().getName());
			}
		}

		private void undecodable(SseFrame frame, String problem, String reason) {
			boolean update = UpdateShape.ofFrameType(frame.type()) != UpdateShape.UNKNOWN;
			UpdateReader.this.consumer.onUndecodable(frame.position(), update, problem, reason);
		}

		@Override
		public void onOversized(@Nullable Long position, long size) {
			UpdateReader.this.events++;
			UpdateReader.this.consumer.onOversized(position, size);
		}

		@Override
		public void onRetry(long millis) {
			UpdateReader.this.consumer.onRetry(millis);
		}

	}

}
