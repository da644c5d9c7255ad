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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.UpdateType;

/**
 * The fields of the event that is being received. Its data stays where it was read; the
 * second and further lines are moved up to the first.
 */
final class SseBlock {

	/** Longer identifiers of events that are too large are not waited for. */
	private static final int MAX_SKIPPED_ID_LINE = 64;

	/** Longer reconnection times are ignored. */
	private static final int MAX_RETRY_LINE = 1024;

	private static final KnownNames TYPES = new KnownNames(
			Arrays.stream(UpdateType.values()).map(UpdateType::wireName).toList());

	private int maxSize;

	private final SseFrameConsumer consumer;

	private final SseEventId lastEventId = new SseEventId();

	private final SseFrame frame = new SseFrame(this.lastEventId);

	private boolean hasData;

	private int dataStart;

	private int dataEnd;

	private String type = SseFrame.DEFAULT_TYPE;

	private final SseEventId id = new SseEventId();

	private boolean hasId;

	private @Nullable Long position;

	private long size;

	private boolean oversized;

	SseBlock(int maxSize, SseFrameConsumer consumer) {
		this.maxSize = maxSize;
		this.consumer = consumer;
	}

	void maxSize(int maxSize) {
		this.maxSize = maxSize;
	}

	String lastEventId() {
		return this.lastEventId.toString();
	}

	boolean hasData() {
		return this.hasData;
	}

	int dataStart() {
		return this.dataStart;
	}

	int dataEnd() {
		return this.dataEnd;
	}

	int dataLength() {
		return this.dataEnd - this.dataStart;
	}

	/**
	 * Adjust to data that has moved.
	 */
	void dataMovedTo(int start) {
		this.dataEnd = start + dataLength();
		this.dataStart = start;
	}

	/**
	 * Add a complete line.
	 */
	void add(SseField field, byte[] bytes, int start, int end) {
		if (field == SseField.RETRY) {
			if (end - start <= MAX_RETRY_LINE) {
				addRetry(bytes, field.valueStart(bytes, start, end), end);
			}
			return;
		}
		int length = end - start;
		grow(length);
		switch (field) {
			case DATA -> addData(bytes, field.valueStart(bytes, start, end), end);
			case EVENT -> addType(bytes, field.valueStart(bytes, start, end), end);
			default -> addId(bytes, field.valueStart(bytes, start, end), end, length);
		}
	}

	/**
	 * Return whether a line that is not complete yet must be kept until it is.
	 * @param field the field that it belongs to
	 * @param length the part of the line that was received
	 * @return {@code false} if the line can have no effect but on the size of the event
	 */
	boolean needsRestOf(SseField field, int length) {
		if (length <= field.nameLength()) {
			return true;
		}
		if (field == SseField.RETRY) {
			return length <= MAX_RETRY_LINE;
		}
		return this.size + length <= this.maxSize || (field == SseField.ID && length <= MAX_SKIPPED_ID_LINE);
	}

	/**
	 * Count a part of a line that is skipped.
	 */
	void skip(SseField field, int length) {
		if (field != SseField.RETRY) {
			grow(length);
		}
		if (field == SseField.ID) {
			this.position = null;
		}
	}

	private void grow(int length) {
		this.size += length;
		if (this.size > this.maxSize && !this.oversized) {
			this.oversized = true;
			this.hasData = false;
			this.dataStart = 0;
			this.dataEnd = 0;
			this.type = SseFrame.DEFAULT_TYPE;
		}
	}

	private void addData(byte[] bytes, int start, int end) {
		if (this.oversized) {
			return;
		}
		if (!this.hasData) {
			this.hasData = true;
			this.dataStart = start;
			this.dataEnd = end;
			return;
		}
		// The name of the field leaves room for the line feed
		bytes[this.dataEnd] = '\n';
		System.arraycopy(bytes, start, bytes, this.dataEnd + 1, end - start);
		this.dataEnd += 1 + end - start;
	}

	private void addType(byte[] bytes, int start, int end) {
		if (!this.oversized) {
			this.type = typeOf(bytes, start, end);
		}
	}

	private static String typeOf(byte[] bytes, int start, int end) {
		if (start == end) {
			return SseFrame.DEFAULT_TYPE;
		}
		String known = TYPES.find(bytes, start, end);
		return (known != null) ? known : new String(bytes, start, end - start, StandardCharsets.UTF_8);
	}

	private void addId(byte[] bytes, int start, int end, int lineLength) {
		if (this.oversized && lineLength > MAX_SKIPPED_ID_LINE) {
			this.position = null;
			return;
		}
		for (int i = start; i < end; i++) {
			if (bytes[i] == 0) {
				return;
			}
		}
		this.hasId = true;
		this.id.set(bytes, start, end);
		this.position = this.id.number();
	}

	private void addRetry(byte[] bytes, int start, int end) {
		if (start == end) {
			return;
		}
		long millis = 0;
		for (int i = start; i < end; i++) {
			int digit = bytes[i] - '0';
			if (digit < 0 || digit > 9) {
				return;
			}
			millis = (millis > (Long.MAX_VALUE - digit) / 10) ? Long.MAX_VALUE : millis * 10 + digit;
		}
		this.consumer.onRetry(millis);
	}

	/**
	 * End the event and hand it over.
	 */
	void end(byte[] bytes) {
		if (this.hasId) {
			this.lastEventId.set(this.id);
		}
		boolean complete = this.hasData;
		boolean skipped = this.oversized;
		Long position = this.position;
		long size = this.size;
		if (complete) {
			this.frame.set(bytes, this.dataStart, dataLength(), this.type, position, (int) size);
		}
		// Before the call, so that a consumer that fails leaves a usable decoder
		reset();
		if (skipped) {
			this.consumer.onOversized(position, size);
		}
		else if (complete) {
			handOver();
		}
	}

	private void handOver() {
		try {
			this.consumer.onFrame(this.frame);
		}
		finally {
			this.frame.clear();
		}
	}

	private void reset() {
		this.hasData = false;
		this.dataStart = 0;
		this.dataEnd = 0;
		this.type = SseFrame.DEFAULT_TYPE;
		this.hasId = false;
		this.position = null;
		this.size = 0;
		this.oversized = false;
	}

}
