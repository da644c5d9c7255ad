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

package cloud.requence.emulator;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How streams are written: allowed, but not what clients are used to.
 *
 * @param byteWise whether each byte is a chunk of its own
 * @param retry the value of a {@code retry} field at the beginning
 * @param beginning what is written in front of the first event
 * @param lineEnding how lines end
 * @param bytesPerSecond the rate; 0 for no limit
 * @param positions how positions become ids
 * @param quiet what happens while there is no event
 * @param head how the response begins
 */
record StreamStyle(boolean byteWise, @Nullable Long retry, String beginning, String lineEnding, long bytesPerSecond,
		PositionStyle positions, Quiet quiet, Head head) {

	static final StreamStyle PLAIN = new StreamStyle(false, null, "", "\n", 0, PositionStyle.PLAIN,
			new Quiet(null, "", null, false), new Head(200, "", null, false, false, false));

	StreamStyle withByteWise() {
		return new StreamStyle(true, this.retry, this.beginning, this.lineEnding, this.bytesPerSecond, this.positions,
				this.quiet, this.head);
	}

	StreamStyle withRetry(long millis) {
		return new StreamStyle(this.byteWise, millis, this.beginning, this.lineEnding, this.bytesPerSecond,
				this.positions, this.quiet, this.head);
	}

	StreamStyle withBeginning(String text) {
		return new StreamStyle(this.byteWise, this.retry, this.beginning + text, this.lineEnding, this.bytesPerSecond,
				this.positions, this.quiet, this.head);
	}

	StreamStyle withLineEnding(String ending) {
		return new StreamStyle(this.byteWise, this.retry, this.beginning, ending, this.bytesPerSecond, this.positions,
				this.quiet, this.head);
	}

	StreamStyle withBytesPerSecond(long rate) {
		return new StreamStyle(this.byteWise, this.retry, this.beginning, this.lineEnding, rate, this.positions,
				this.quiet, this.head);
	}

	StreamStyle withPositions(PositionStyle style) {
		return new StreamStyle(this.byteWise, this.retry, this.beginning, this.lineEnding, this.bytesPerSecond, style,
				this.quiet, this.head);
	}

	StreamStyle withHeartbeat(Duration interval, String text) {
		return with(new Quiet(interval, text, this.quiet.limit(), this.quiet.reset()));
	}

	StreamStyle withQuietLimit(Duration limit, boolean reset) {
		return with(new Quiet(this.quiet.heartbeat(), this.quiet.text(), limit, reset));
	}

	StreamStyle withStatus(int status) {
		return with(new Head(status, this.head.encoding(), this.head.delay(), this.head.withheld(),
				this.head.closeDelimited(), this.head.earlyHints()));
	}

	StreamStyle withEncoding(String encoding) {
		return with(new Head(this.head.status(), encoding, this.head.delay(), this.head.withheld(),
				this.head.closeDelimited(), this.head.earlyHints()));
	}

	StreamStyle withDelay(Duration delay) {
		return with(new Head(this.head.status(), this.head.encoding(), delay, this.head.withheld(),
				this.head.closeDelimited(), this.head.earlyHints()));
	}

	StreamStyle withWithheldHead() {
		return with(new Head(this.head.status(), this.head.encoding(), this.head.delay(), true,
				this.head.closeDelimited(), this.head.earlyHints()));
	}

	StreamStyle withCloseDelimited() {
		return with(new Head(this.head.status(), this.head.encoding(), this.head.delay(), this.head.withheld(), true,
				this.head.earlyHints()));
	}

	StreamStyle withEarlyHints() {
		return with(new Head(this.head.status(), this.head.encoding(), this.head.delay(), this.head.withheld(),
				this.head.closeDelimited(), true));
	}

	private StreamStyle with(Quiet newQuiet) {
		return new StreamStyle(this.byteWise, this.retry, this.beginning, this.lineEnding, this.bytesPerSecond,
				this.positions, newQuiet, this.head);
	}

	private StreamStyle with(Head newHead) {
		return new StreamStyle(this.byteWise, this.retry, this.beginning, this.lineEnding, this.bytesPerSecond,
				this.positions, this.quiet, newHead);
	}

	/**
	 * What happens while there is no event.
	 *
	 * @param heartbeat after how long a heartbeat is written, if at all
	 * @param text what it is
	 * @param limit after how long without a byte the stream ends, if at all
	 * @param reset whether it ends by a TCP reset
	 */
	record Quiet(@Nullable Duration heartbeat, String text, @Nullable Duration limit, boolean reset) {

	}

	/**
	 * How the response begins.
	 *
	 * @param status its status
	 * @param encoding its {@code Content-Encoding}; empty for none
	 * @param delay how long it takes, if at all
	 * @param withheld whether it waits for the first event
	 * @param closeDelimited whether the body ends with the connection, as in HTTP/1.0
	 * @param earlyHints whether an informational response comes before
	 */
	record Head(int status, String encoding, @Nullable Duration delay, boolean withheld, boolean closeDelimited,
			boolean earlyHints) {

	}

}
