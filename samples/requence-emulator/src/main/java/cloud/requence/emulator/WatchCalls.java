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

import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import cloud.requence.emulator.ConnectionFault.Answer;
import cloud.requence.emulator.ConnectionFault.Break;
import cloud.requence.emulator.ConnectionFault.OddStream;
import cloud.requence.emulator.ConnectionFault.Refuse;
import cloud.requence.emulator.ConnectionFault.StallHeaders;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The calls that are answered by streams of updates.
 */
final class WatchCalls {

	private static final OddStream EMPTY = OddStream.cut(Break.END, 0, 0);

	private final Platform platform;

	private final FaultPlan faults;

	private final boolean forgottenPositionRefused;

	private final LongAdder writtenUpdates = new LongAdder();

	private final Set<OpenConnection> open = ConcurrentHashMap.newKeySet();

	WatchCalls(Platform platform, FaultPlan faults, boolean forgottenPositionRefused) {
		this.platform = platform;
		this.faults = faults;
		this.forgottenPositionRefused = forgottenPositionRefused;
	}

	int openStreams() {
		return this.open.size();
	}

	long writtenUpdates() {
		return this.writtenUpdates.sum();
	}

	void abortAll(boolean reset) {
		this.open.forEach((connection) -> connection.abort(reset));
	}

	void watchAll(Exchange exchange) throws IOException, InterruptedException {
		ConnectionFault fault = this.faults.nextConnection();
		if (fault instanceof Answer answer) {
			exchange.answer(answer.status(), answer.headers(), answer.body());
		}
		else if (fault instanceof Refuse) {
			exchange.drop();
		}
		else if (fault instanceof StallHeaders) {
			stall(exchange);
		}
		else if (fault instanceof OddStream odd) {
			watchAll(exchange, odd);
		}
	}

	private void watchAll(Exchange exchange, OddStream fault) throws IOException, InterruptedException {
		UpdateLog log = this.platform.log();
		int liveIndex = log.nextIndex();
		JsonNode body = exchange.json(this.platform.mapper());
		JsonNode position = body.path("lastPosition");
		Instant since = Timestamps.parse(body.get("since"));
		if (position.isIntegralNumber()) {
			resume(exchange, log, liveIndex, position.longValue(), fault);
		}
		else if (since != null && isNone(position)) {
			write(exchange, log, new StreamSelection(0, liveIndex, since, null), fault);
		}
		else {
			exchange.answer(400, "A body with since (ISO-8601) and, if given, lastPosition (integer) is required");
		}
	}

	private void resume(Exchange exchange, UpdateLog log, int liveIndex, long id, OddStream fault)
			throws IOException, InterruptedException {
		if (isRefused(exchange, id)) {
			return;
		}
		long position = this.faults.style().positions().position(id);
		if (this.forgottenPositionRefused && position < log.forgottenPosition()) {
			exchange.answer(410, "Updates after position " + id + " are no longer available");
			return;
		}
		int first = Math.max(0, log.indexAfter(position) - this.faults.nextRepeat());
		write(exchange, log, new StreamSelection(first, liveIndex, null, null), fault);
	}

	private boolean isRefused(Exchange exchange, long position) throws IOException {
		Integer refusal = this.faults.nextPositionRefusal();
		if (refusal != null) {
			exchange.answer(refusal, "Position " + position + " is refused on purpose");
		}
		return refusal != null;
	}

	void watch(Exchange exchange, String taskId) throws IOException, InterruptedException {
		UpdateLog log = this.platform.log();
		EmulatedTask task = this.platform.find(taskId);
		if (task == null) {
			exchange.answer(404, "No such task");
			return;
		}
		int liveIndex = log.nextIndex();
		JsonNode body = exchange.json(this.platform.mapper());
		long id = body.path("lastPosition").asLong(0);
		if (id > 0 && isRefused(exchange, id)) {
			return;
		}
		long position = (id > 0) ? this.faults.style().positions().position(id) : 0;
		Instant since = (position == 0) ? Timestamps.parse(body.get("since")) : null;
		long end = this.platform.endPosition(task);
		boolean seenToTheEnd = end > 0 && end <= position;
		write(exchange, log, new StreamSelection(log.indexAfter(position), liveIndex, since, taskId),
				(seenToTheEnd) ? EMPTY : OddStream.NONE);
	}

	private void write(Exchange exchange, UpdateLog log, StreamSelection selection, OddStream fault)
			throws IOException, InterruptedException {
		UpdateStream stream = new UpdateStream(log, exchange.connection(), selection, fault, this.faults.style(),
				this.writtenUpdates);
		this.open.add(stream);
		try {
			if (this.platform.log() != log) {
				exchange.drop();
			}
			stream.run();
			throw new EofException("The stream and its connection have ended");
		}
		finally {
			this.open.remove(stream);
		}
	}

	private void stall(Exchange exchange) throws IOException, InterruptedException {
		OpenConnection stalled = exchange.connection()::close;
		this.open.add(stalled);
		try {
			exchange.connection().awaitClose();
		}
		finally {
			this.open.remove(stalled);
		}
		throw new EofException("Closed by the client");
	}

	private static boolean isNone(@Nullable JsonNode value) {
		return value == null || value.isMissingNode() || value.isNull();
	}

}
