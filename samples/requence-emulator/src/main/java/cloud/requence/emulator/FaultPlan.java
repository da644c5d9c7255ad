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

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * The faults that are still to come. Safe for use by any thread.
 */
final class FaultPlan {

	static final int ALWAYS = Integer.MAX_VALUE;

	private final Deque<Planned> connections = new ArrayDeque<>();

	private final FetchFaultPlan fetches = new FetchFaultPlan();

	private @Nullable ConnectionFault always;

	private StreamStyle style = StreamStyle.PLAIN;

	private int repeatedEvents;

	private int repeats;

	private int refusedPositionStatus;

	private int refusedPositions;

	private int ackStatus;

	private int failedAcks;

	private int lostAckAnswers;

	private int uploadStatus;

	private int failedUploads;

	synchronized void connection(ConnectionFault fault, int times) {
		if (times == ALWAYS) {
			this.always = fault;
		}
		else {
			this.connections.add(new Planned(fault, times));
		}
	}

	synchronized void style(StreamStyleChange change) {
		this.style = change.apply(this.style);
	}

	synchronized void repeatLast(int events, int times) {
		this.repeatedEvents = events;
		this.repeats = times;
	}

	synchronized void refusePosition(int status, int times) {
		this.refusedPositionStatus = status;
		this.refusedPositions = times;
	}

	synchronized void failAcks(int status, int times) {
		this.ackStatus = status;
		this.failedAcks = times;
	}

	synchronized void loseAckAnswers(int times) {
		this.lostAckAnswers = times;
	}

	FetchFaultPlan fetches() {
		return this.fetches;
	}

	synchronized void failUploads(int status, int times) {
		this.uploadStatus = status;
		this.failedUploads = times;
	}

	synchronized void clear() {
		this.fetches.clear();
		this.failedUploads = 0;
		this.connections.clear();
		this.always = null;
		this.style = StreamStyle.PLAIN;
		this.repeats = 0;
		this.refusedPositions = 0;
		this.failedAcks = 0;
		this.lostAckAnswers = 0;
	}

	synchronized ConnectionFault nextConnection() {
		Planned planned = this.connections.poll();
		if (planned == null) {
			return (this.always != null) ? this.always : ConnectionFault.OddStream.NONE;
		}
		if (planned.times() > 1) {
			this.connections.addFirst(new Planned(planned.fault(), planned.times() - 1));
		}
		return planned.fault();
	}

	synchronized StreamStyle style() {
		return this.style;
	}

	/**
	 * Return how many events before the client's position are sent again.
	 */
	synchronized int nextRepeat() {
		if (this.repeats == 0) {
			return 0;
		}
		this.repeats = less(this.repeats);
		return this.repeatedEvents;
	}

	synchronized @Nullable Integer nextPositionRefusal() {
		if (this.refusedPositions == 0) {
			return null;
		}
		this.refusedPositions = less(this.refusedPositions);
		return this.refusedPositionStatus;
	}

	synchronized @Nullable Integer nextAckFailure() {
		if (this.failedAcks == 0) {
			return null;
		}
		this.failedAcks = less(this.failedAcks);
		return this.ackStatus;
	}

	synchronized boolean nextAckAnswerLost() {
		if (this.lostAckAnswers == 0) {
			return false;
		}
		this.lostAckAnswers = less(this.lostAckAnswers);
		return true;
	}

	synchronized @Nullable Integer nextUploadFailure() {
		if (this.failedUploads == 0) {
			return null;
		}
		this.failedUploads = less(this.failedUploads);
		return this.uploadStatus;
	}

	private static int less(int times) {
		return (times == ALWAYS) ? ALWAYS : times - 1;
	}

	private record Planned(ConnectionFault fault, int times) {
	}

	/** One change to the style of streams. */
	interface StreamStyleChange {

		StreamStyle apply(StreamStyle style);

	}

}
