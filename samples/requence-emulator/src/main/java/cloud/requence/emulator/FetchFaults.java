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

import java.nio.charset.StandardCharsets;
import java.util.Map;

import cloud.requence.emulator.ConnectionFault.Break;
import cloud.requence.emulator.FetchFault.Answer;
import cloud.requence.emulator.FetchFault.Cut;
import cloud.requence.emulator.FetchFault.OddBody;
import cloud.requence.emulator.FetchFault.StallHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Faults of fetching files, byte streams, and values behind claim checks.
 * <p>
 * They form a queue: each fetch takes the first one that is meant for its address.
 * {@link #of}, {@link #times} and {@link #always} come before a fault and say for which
 * fetches it is; without them it is for the next one. So
 * {@code faults().fetches().times(2).answer(503, "")} refuses two fetches, and
 * {@code faults().fetches().of(file.url()).always().dropAfter(10)} never lets that file
 * come whole, until {@link Faults#clear()}. Safe for use by any thread.
 */
public final class FetchFaults {

	private final FetchFaultPlan plan;

	private final @Nullable String id;

	private final int times;

	FetchFaults(FetchFaultPlan plan) {
		this(plan, null, 1);
	}

	private FetchFaults(FetchFaultPlan plan, @Nullable String id, int times) {
		this.plan = plan;
		this.id = id;
		this.times = times;
	}

	/**
	 * The same faults, for one address only.
	 * @param url the address of the file, the stream or the claim check
	 * @return faults for this address
	 */
	public FetchFaults of(String url) {
		return new FetchFaults(this.plan, FileStore.id(url), this.times);
	}

	/**
	 * The same faults, each for a number of fetches.
	 * @param times how many fetches, at least 1
	 * @return faults for so many fetches
	 */
	public FetchFaults times(int times) {
		if (times < 1) {
			throw new IllegalArgumentException("times must be positive");
		}
		return new FetchFaults(this.plan, this.id, times);
	}

	/**
	 * The same faults, for every fetch for which the queue holds none, until
	 * {@link Faults#clear()}.
	 * @return faults for all fetches
	 */
	public FetchFaults always() {
		return new FetchFaults(this.plan, this.id, FaultPlan.ALWAYS);
	}

	/**
	 * Answers with a status and a text in place of the content.
	 * @param status the status
	 * @param body the body
	 */
	public void answer(int status, String body) {
		answer(status, Map.of("Content-Type", "text/plain;charset=utf-8"), body.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Answers with a status, headers and bytes in place of the content.
	 * @param status the status
	 * @param headers the headers
	 * @param body the body
	 */
	public void answer(int status, Map<String, String> headers, byte[] body) {
		plan(new Answer(status, Map.copyOf(headers), body.clone()));
	}

	/**
	 * Answers with {@code 307} and a location.
	 * @param location the value of the header
	 */
	public void redirect(String location) {
		answer(307, Map.of("Location", location), new byte[0]);
	}

	/**
	 * Sends the content under another content type.
	 * @param contentType the value of the header; empty for none
	 */
	public void contentType(String contentType) {
		plan(new OddBody(contentType, null, false, false, null));
	}

	/**
	 * Sends the whole content of a file, but announces another length. The connection
	 * ends behind it.
	 * @param bytes the announced length, less or more than there is
	 */
	public void contentLength(long bytes) {
		plan(new OddBody(null, bytes, false, false, null));
	}

	/**
	 * Sends a stream without frames to a client that asks for them, as platforms do that
	 * do not know them.
	 */
	public void unframed() {
		plan(new OddBody(null, null, true, false, null));
	}

	/**
	 * Sends spaces behind the content, for as long as the client reads them, and does not
	 * announce a length.
	 */
	public void endless() {
		plan(new OddBody(null, null, false, true, null));
	}

	/**
	 * Reads the request and never answers.
	 */
	public void stallHeaders() {
		plan(new StallHeaders());
	}

	/**
	 * Stays silent after some bytes and leaves the connection open.
	 * @param bytes how many bytes of the body are sent before, frames included
	 */
	public void stallAfter(long bytes) {
		cut(Break.STALL, bytes);
	}

	/**
	 * Ends the response of a stream as it should be, but after some bytes; a file stays
	 * shorter than announced.
	 * @param bytes how many bytes of the body are sent before, frames included
	 */
	public void endAfter(long bytes) {
		cut(Break.END, bytes);
	}

	/**
	 * Closes the connection after some bytes without ending the response.
	 * @param bytes how many bytes of the body are sent before, frames included
	 */
	public void dropAfter(long bytes) {
		cut(Break.DROP, bytes);
	}

	/**
	 * Resets the TCP connection after some bytes. A client may lose bytes that it had not
	 * read by then.
	 * @param bytes how many bytes of the body are sent before, frames included
	 */
	public void resetAfter(long bytes) {
		cut(Break.RESET, bytes);
	}

	private void cut(Break kind, long bytes) {
		plan(new OddBody(null, null, false, false, new Cut(kind, bytes)));
	}

	private void plan(FetchFault fault) {
		this.plan.add(fault, this.id, this.times);
	}

}
