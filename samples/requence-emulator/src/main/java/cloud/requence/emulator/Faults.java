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
import java.util.Map;
import java.util.function.LongSupplier;

import cloud.requence.emulator.ConnectionFault.Answer;
import cloud.requence.emulator.ConnectionFault.Break;
import cloud.requence.emulator.ConnectionFault.OddStream;
import cloud.requence.emulator.ConnectionFault.Refuse;
import cloud.requence.emulator.ConnectionFault.StallHeaders;

/**
 * Faults on demand.
 * <p>
 * <strong>Of a connection</strong>, {@link #answer} to {@link #garbage}: they form a
 * queue. Each connection that asks for all tasks takes the first one, so
 * {@code faults().times(2).answer(503, "")} followed by {@code faults().endAfter(3)}
 * refuses two connections and ends the third. Behind {@link #always()} a fault hits every
 * connection for which the queue holds none, until {@link #clear()}.
 * <p>
 * <strong>Of the way that streams are written</strong>, {@link #byteWise()} to
 * {@link #earlyHints()}: they add up and hold for every connection opened later, until
 * {@link #clear()}.
 * <p>
 * <strong>Of fetching files</strong>: {@link #fetches()} has a queue of its own.
 * <p>
 * {@link #repeatLast}, {@link #refusePosition}, {@link #failAcks},
 * {@link #loseAckAnswers} and {@link #failUploads} are independent of these. Safe for use
 * by any thread.
 */
public final class Faults {

	private final FaultPlan plan;

	private final int times;

	private final LongSupplier lastPosition;

	Faults(FaultPlan plan, LongSupplier lastPosition) {
		this(plan, 1, lastPosition);
	}

	private Faults(FaultPlan plan, int times, LongSupplier lastPosition) {
		this.plan = plan;
		this.times = times;
		this.lastPosition = lastPosition;
	}

	/**
	 * The same faults, each for a number of connections.
	 * @param times how many connections, at least 1
	 * @return faults for so many connections
	 */
	public Faults times(int times) {
		if (times < 1) {
			throw new IllegalArgumentException("times must be positive");
		}
		return new Faults(this.plan, times, this.lastPosition);
	}

	/**
	 * The same faults, for every connection until {@link #clear()}.
	 * @return faults for all connections
	 */
	public Faults always() {
		return new Faults(this.plan, FaultPlan.ALWAYS, this.lastPosition);
	}

	/**
	 * Answers with a status and a text in place of a stream.
	 * @param status the status
	 * @param body the body
	 */
	public void answer(int status, String body) {
		answer(status, Map.of(), body);
	}

	/**
	 * Answers with a status, headers and a text in place of a stream.
	 * @param status the status
	 * @param headers the headers, such as {@code Retry-After}
	 * @param body the body
	 */
	public void answer(int status, Map<String, String> headers, String body) {
		connection(new Answer(status, Map.copyOf(headers), body));
	}

	/**
	 * Accepts the connection and closes it at once. To have connections refused by the
	 * operating system, {@linkplain RequenceEmulator#stop() stop} the emulator.
	 */
	public void refuse() {
		connection(new Refuse());
	}

	/**
	 * Answers with {@code 307} and a location.
	 * @param location the value of the header
	 */
	public void redirect(String location) {
		answer(307, Map.of("Location", location), "");
	}

	/**
	 * Answers with {@code 204} and no content.
	 */
	public void noContent204() {
		answer(204, "");
	}

	/**
	 * Sends the stream under another content type.
	 * @param contentType the value of the header; empty for none
	 */
	public void contentType(String contentType) {
		connection(OddStream.of(contentType));
	}

	/**
	 * Compresses the stream, even if the client has not requested it.
	 */
	public void contentEncodingGzip() {
		connection(OddStream.gzipped());
	}

	/**
	 * Reads the request and never answers.
	 */
	public void stallHeaders() {
		connection(new StallHeaders());
	}

	/**
	 * Stays silent after some events and leaves the connection open.
	 * @param events how many events are written before
	 */
	public void stallAfter(int events) {
		connection(OddStream.cut(Break.STALL, events, 0));
	}

	/**
	 * Ends the response normally after some events.
	 * @param events how many events are written before
	 */
	public void endAfter(int events) {
		connection(OddStream.cut(Break.END, events, 0));
	}

	/**
	 * Ends the response normally, but in the middle of an event.
	 * @param events how many whole events are written before
	 * @param bytes how many bytes of the next event are written
	 */
	public void endInside(int events, int bytes) {
		connection(OddStream.cut(Break.END, events, bytes));
	}

	/**
	 * Closes the connection after some events without ending the response.
	 * @param events how many events are written before
	 */
	public void dropAfter(int events) {
		connection(OddStream.cut(Break.DROP, events, 0));
	}

	/**
	 * Closes the connection in the middle of an event without ending the response.
	 * @param events how many whole events are written before
	 * @param bytes how many bytes of the next event are written
	 */
	public void dropInside(int events, int bytes) {
		connection(OddStream.cut(Break.DROP, events, bytes));
	}

	/**
	 * Resets the TCP connection after some events. A client may lose bytes that it had
	 * not read by then.
	 * @param events how many events are written before
	 */
	public void resetAfter(int events) {
		connection(OddStream.cut(Break.RESET, events, 0));
	}

	/**
	 * Resets the TCP connection in the middle of an event.
	 * @param events how many whole events are written before
	 * @param bytes how many bytes of the next event are written
	 */
	public void resetInside(int events, int bytes) {
		connection(OddStream.cut(Break.RESET, events, bytes));
	}

	/**
	 * Writes some bytes in front of the first event.
	 * @param bytes the bytes
	 */
	public void garbage(byte[] bytes) {
		connection(OddStream.startingWith(bytes));
	}

	/**
	 * Writes each byte in a chunk of its own.
	 */
	public void byteWise() {
		this.plan.style(StreamStyle::withByteWise);
	}

	/**
	 * Writes a comment line whenever a stream was silent for a time.
	 * @param interval the time
	 */
	public void heartbeats(Duration interval) {
		heartbeats(interval, Heartbeat.COMMENT);
	}

	/**
	 * Writes a heartbeat whenever a stream was silent for a time.
	 * @param interval the time
	 * @param heartbeat what is written
	 */
	public void heartbeats(Duration interval, Heartbeat heartbeat) {
		this.plan.style((style) -> style.withHeartbeat(interval, heartbeat.text()));
	}

	/**
	 * Starts each stream with an event {@code connected} in JSON, which is not an update.
	 */
	public void connectedEvent() {
		this.plan.style((style) -> style.withBeginning("event: connected\ndata: {\"status\":\"connected\"}\n\n"));
	}

	/**
	 * Ends each stream normally when it was silent for a time, heartbeats included.
	 * @param quiet the time
	 */
	public void endWhenIdle(Duration quiet) {
		this.plan.style((style) -> style.withQuietLimit(quiet, false));
	}

	/**
	 * Resets the TCP connection of each stream that was silent for a time, heartbeats
	 * included.
	 * @param quiet the time
	 */
	public void resetWhenIdle(Duration quiet) {
		this.plan.style((style) -> style.withQuietLimit(quiet, true));
	}

	/**
	 * Sends events without ids. Clients can then resume only by time.
	 */
	public void withoutIds() {
		positions(PositionStyle.Kind.NONE);
	}

	/**
	 * Sends events with ids that are not numbers.
	 */
	public void textIds() {
		positions(PositionStyle.Kind.TEXT);
	}

	/**
	 * Leaves gaps between positions: 10, 20, 30, …
	 */
	public void positionGaps() {
		positions(PositionStyle.Kind.GAPS);
	}

	/**
	 * Swaps the positions of neighbours: 2, 1, 4, 3, …
	 */
	public void swapPositions() {
		positions(PositionStyle.Kind.SWAPPED);
	}

	/**
	 * Starts with position 1 again for what is published from now on. A client that
	 * resumes at an older position misses the updates whose positions are used again.
	 */
	public void restartPositions() {
		long base = this.lastPosition.getAsLong();
		this.plan.style((style) -> style.withPositions(new PositionStyle(PositionStyle.Kind.RESTARTED, base)));
	}

	/**
	 * Answers with another status in front of each stream.
	 * @param status a status of success, such as 201
	 */
	public void streamStatus(int status) {
		if (status < 200 || status > 299) {
			throw new IllegalArgumentException("status must be from 200 to 299");
		}
		this.plan.style((style) -> style.withStatus(status));
	}

	/**
	 * Sends streams with a {@code Content-Encoding}, without applying it.
	 * @param encoding the value of the header, such as {@code none}
	 */
	public void contentEncoding(String encoding) {
		this.plan.style((style) -> style.withEncoding(encoding));
	}

	/**
	 * Waits before it sends the headers of each stream.
	 * @param delay the time
	 */
	public void delayHeaders(Duration delay) {
		this.plan.style((style) -> style.withDelay(delay));
	}

	/**
	 * Withholds the headers of each stream until its first event.
	 */
	public void withholdHeaders() {
		this.plan.style(StreamStyle::withWithheldHead);
	}

	/**
	 * Answers as an HTTP/1.0 server: without chunks, and the stream ends with its
	 * connection.
	 */
	public void closeDelimited() {
		this.plan.style(StreamStyle::withCloseDelimited);
	}

	/**
	 * Sends {@code 103 Early Hints} in front of each answer with a stream.
	 */
	public void earlyHints() {
		this.plan.style(StreamStyle::withEarlyHints);
	}

	/**
	 * Starts each stream with a {@code retry} field.
	 * @param millis its value
	 */
	public void retry(long millis) {
		this.plan.style((style) -> style.withRetry(millis));
	}

	/**
	 * Starts each stream with a byte order mark.
	 */
	public void bom() {
		this.plan.style((style) -> style.withBeginning("\uFEFF"));
	}

	/**
	 * Ends lines in another way.
	 * @param ending line feed, carriage return, or both
	 */
	public void lineEnding(String ending) {
		if (!ending.equals("\n") && !ending.equals("\r") && !ending.equals("\r\n")) {
			throw new IllegalArgumentException("A line ends with LF, CR or CR LF");
		}
		this.plan.style((style) -> style.withLineEnding(ending));
	}

	/**
	 * Limits how fast streams are written.
	 * @param bytesPerSecond the rate, at least 1
	 */
	public void throttle(long bytesPerSecond) {
		if (bytesPerSecond < 1) {
			throw new IllegalArgumentException("bytesPerSecond must be positive");
		}
		this.plan.style((style) -> style.withBytesPerSecond(bytesPerSecond));
	}

	/**
	 * Sends the last events again to the next client that resumes at a position.
	 * @param events how many events before its position
	 */
	public void repeatLast(int events) {
		this.plan.repeatLast(events, this.times);
	}

	/**
	 * Refuses the position of the next client that resumes at one.
	 * @param status the status of the answer, such as 410, 400 or 416
	 */
	public void refusePosition(int status) {
		this.plan.refusePosition(status, this.times);
	}

	/**
	 * Answers acknowledgements with an error.
	 * @param status the status
	 * @param times how many acknowledgements
	 */
	public void failAcks(int status, int times) {
		this.plan.failAcks(status, times);
	}

	/**
	 * Accepts acknowledgements, but closes the connection instead of responding.
	 * @param times how many acknowledgements
	 */
	public void loseAckAnswers(int times) {
		this.plan.loseAckAnswers(times);
	}

	/**
	 * Rejects what clients send to the file service: files, streams and their content.
	 * @param status the status
	 * @param times how many requests
	 */
	public void failUploads(int status, int times) {
		this.plan.failUploads(status, times);
	}

	/**
	 * The faults of fetching files, byte streams, and values behind claim checks.
	 * @return faults for the next fetch
	 */
	public FetchFaults fetches() {
		return new FetchFaults(this.plan.fetches());
	}

	/**
	 * Removes all faults that have not occurred yet.
	 */
	public void clear() {
		this.plan.clear();
	}

	private void positions(PositionStyle.Kind kind) {
		this.plan.style((style) -> style.withPositions(new PositionStyle(kind, 0)));
	}

	private void connection(ConnectionFault fault) {
		this.plan.connection(fault, this.times);
	}

}
