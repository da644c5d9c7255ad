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

import org.jspecify.annotations.Nullable;

/**
 * The bytes of an event's identifier.
 */
final class SseEventId {

	/** What exceeds it is cut off: it is no position anyway. */
	private static final int MAX_LENGTH = 1024;

	/** The number of digits of the largest {@code long}. */
	private static final int MAX_DIGITS = 19;

	/** A larger one is no position: the platform's numbers are those of JavaScript. */
	private static final long MAX_NUMBER = 1L << 53;

	private final byte[] bytes = new byte[MAX_LENGTH];

	private int length;

	void set(byte[] source, int start, int end) {
		this.length = Math.min(end - start, MAX_LENGTH);
		System.arraycopy(source, start, this.bytes, 0, this.length);
	}

	void set(SseEventId other) {
		set(other.bytes, 0, other.length);
	}

	/**
	 * Return the number that this identifier is.
	 * @return the number, or {@code null} if it is anything else than up to 19 decimal
	 * digits, or larger than 2^53
	 */
	@Nullable Long number() {
		if (this.length == 0 || this.length > MAX_DIGITS) {
			return null;
		}
		long number = 0;
		for (int i = 0; i < this.length; i++) {
			int digit = this.bytes[i] - '0';
			if (digit < 0 || digit > 9) {
				return null;
			}
			number = number * 10 + digit;
		}
		// 19 digits exceed a long by less than a bit
		return (number >= 0 && number <= MAX_NUMBER) ? number : null;
	}

	@Override
	public String toString() {
		return new String(this.bytes, 0, this.length, StandardCharsets.UTF_8);
	}

}
