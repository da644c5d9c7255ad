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
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Cuts the bytes of an event stream into frames, by the rules of the HTML standard and
 * however the bytes are chunked. There is one decoder for each connection; an event that
 * is not complete when its connection ends is discarded with it.
 * <p>
 * Bytes are copied once, into an array that holds no more than the event in progress and
 * the chunk at hand; comments and unknown fields are dropped as they come, and events
 * that exceed the maximum size are skipped and reported at their end. Not safe for use by
 * several threads.
 */
public final class SseFrameDecoder {

	private static final int INITIAL_CAPACITY = 16 * 1024;

	/** Beyond it the array is given back after the event that needed it. */
	private static final int KEPT_CAPACITY = 1024 * 1024;

	private static final long DEFAULT_MAX_EVENT_SIZE = 64 * 1024 * 1024;

	private static final int LARGEST_EVENT = Integer.MAX_VALUE - INITIAL_CAPACITY - 8;

	private static final byte[] BYTE_ORDER_MARK = { (byte) 0xef, (byte) 0xbb, (byte) 0xbf };

	private final SseBlock block;

	private int maxCapacity;

	private byte[] buffer = new byte[INITIAL_CAPACITY];

	/** Where the line in progress starts. */
	private int lineStart;

	/** Up to where it is known to have no end. */
	private int scanned;

	/** The end of what was received. */
	private int end;

	private boolean started;

	private boolean afterCarriageReturn;

	private boolean skippingLine;

	/** The field to which the line counts that is being skipped, if any. */
	private @Nullable SseField skippedField;

	/**
	 * Create a decoder.
	 * @param maxEventSize the maximum size of the fields of an event, in bytes
	 * @param consumer what takes the frames
	 */
	public SseFrameDecoder(int maxEventSize, SseFrameConsumer consumer) {
		Assert.notNull(consumer, "'consumer' must not be null");
		this.block = new SseBlock(0, consumer);
		maxEventSize(maxEventSize);
	}

	/**
	 * Return the maximum size that an application can afford by default.
	 * @return 64 MB, or an eighth of the heap if that is less
	 */
	public static int defaultMaxEventSize() {
		return (int) Math.min(DEFAULT_MAX_EVENT_SIZE, Runtime.getRuntime().maxMemory() / 8);
	}

	/**
	 * Change the maximum size of events, from the next one on.
	 * @param maxEventSize the maximum size of the fields of an event, in bytes
	 */
	public void maxEventSize(int maxEventSize) {
		Assert.isTrue(maxEventSize > 0, "'maxEventSize' must be positive");
		int maxSize = Math.min(maxEventSize, LARGEST_EVENT);
		this.block.maxSize(maxSize);
		this.maxCapacity = maxSize + INITIAL_CAPACITY;
	}

	/**
	 * Decode the next bytes of the stream and hand over the frames that they complete.
	 * @param bytes the bytes, all of which are consumed
	 */
	public void decode(ByteBuffer bytes) {
		while (bytes.hasRemaining()) {
			makeRoom(bytes.remaining());
			int count = Math.min(bytes.remaining(), this.buffer.length - this.end);
			bytes.get(this.buffer, this.end, count);
			this.end += count;
			if (skipByteOrderMark()) {
				readLines();
				settleUnfinishedLine();
				release();
			}
		}
	}

	/**
	 * Return the identifier of the last complete event that had one.
	 */
	String lastEventId() {
		return this.block.lastEventId();
	}

	// True once the start of the stream is known
	private boolean skipByteOrderMark() {
		if (this.started) {
			return true;
		}
		int length = Math.min(this.end, BYTE_ORDER_MARK.length);
		boolean possible = Arrays.equals(this.buffer, 0, length, BYTE_ORDER_MARK, 0, length);
		if (possible && length < BYTE_ORDER_MARK.length) {
			return false;
		}
		if (possible) {
			startLineAt(BYTE_ORDER_MARK.length);
		}
		this.started = true;
		return true;
	}

	private void readLines() {
		while (this.scanned < this.end) {
			if (this.afterCarriageReturn) {
				this.afterCarriageReturn = false;
				if (this.buffer[this.scanned] == '\n') {
					startLineAt(this.scanned + 1);
					continue;
				}
			}
			int lineEnd = LineEnds.find(this.buffer, this.scanned, this.end);
			if (lineEnd == this.end) {
				this.scanned = lineEnd;
				return;
			}
			int start = this.lineStart;
			this.afterCarriageReturn = this.buffer[lineEnd] == '\r';
			startLineAt(lineEnd + 1);
			if (this.skippingLine) {
				skipPart(start, lineEnd);
				this.skippingLine = false;
			}
			else {
				readLine(start, lineEnd);
			}
		}
	}

	private void startLineAt(int index) {
		this.lineStart = index;
		this.scanned = index;
	}

	private void readLine(int start, int lineEnd) {
		if (start == lineEnd) {
			this.block.end(this.buffer);
			return;
		}
		SseField field = SseField.of(this.buffer, start, lineEnd);
		if (field != null) {
			this.block.add(field, this.buffer, start, lineEnd);
		}
	}

	// What need not be kept until the end of the line is dropped now
	private void settleUnfinishedLine() {
		if (this.lineStart == this.end) {
			return;
		}
		if (!this.skippingLine) {
			SseField field = SseField.ofUnfinished(this.buffer, this.lineStart, this.end);
			if (field != null && this.block.needsRestOf(field, this.end - this.lineStart)) {
				return;
			}
			this.skippingLine = true;
			this.skippedField = field;
		}
		skipPart(this.lineStart, this.end);
		startLineAt(this.end);
	}

	private void skipPart(int start, int partEnd) {
		if (this.skippedField != null) {
			this.block.skip(this.skippedField, partEnd - start);
		}
	}

	private void makeRoom(int wanted) {
		if (this.buffer.length - this.end >= wanted) {
			return;
		}
		closeGap();
		// The data moves to the start once at most, and doubling keeps the copying linear
		if (this.block.dataStart() > 0 && kept() <= this.buffer.length / 2) {
			moveTo(this.buffer);
		}
		else if (this.end == this.buffer.length) {
			moveTo(new byte[(int) Math.min(this.buffer.length * 2L, this.maxCapacity)]);
		}
	}

	/**
	 * Move the line in progress to where the data ends: comments and unknown fields were
	 * between them. Data that was received once is not copied for that, however much
	 * there is of it.
	 */
	private void closeGap() {
		int gap = this.lineStart - this.block.dataEnd();
		if (gap > 0) {
			System.arraycopy(this.buffer, this.lineStart, this.buffer, this.lineStart - gap, this.end - this.lineStart);
			this.lineStart -= gap;
			this.scanned -= gap;
			this.end -= gap;
		}
	}

	private void release() {
		if (this.lineStart == this.end && !this.block.hasData()) {
			this.end = 0;
			startLineAt(0);
			if (this.buffer.length > KEPT_CAPACITY) {
				this.buffer = new byte[INITIAL_CAPACITY];
			}
		}
	}

	private int kept() {
		return this.block.dataLength() + this.end - this.lineStart;
	}

	// Data first, the line in progress behind it
	private void moveTo(byte[] target) {
		int dataLength = this.block.dataLength();
		int lineLength = this.end - this.lineStart;
		int scannedLength = this.scanned - this.lineStart;
		System.arraycopy(this.buffer, this.block.dataStart(), target, 0, dataLength);
		System.arraycopy(this.buffer, this.lineStart, target, dataLength, lineLength);
		this.buffer = target;
		this.block.dataMovedTo(0);
		this.lineStart = dataLength;
		this.scanned = dataLength + scannedLength;
		this.end = dataLength + lineLength;
	}

}
