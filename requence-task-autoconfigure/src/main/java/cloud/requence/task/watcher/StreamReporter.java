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

package cloud.requence.task.watcher;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.ConnectionFailure.Kind;
import cloud.requence.task.support.LogText;

/**
 * Reports the state of a connection in logs and events: the first failure of a kind at
 * WARN, its repetitions at DEBUG, and the recovery once. A platform that fails for a
 * moment again and again is reported less and less often: within an hour, each further
 * outage has to last for more attempts before it is logged at WARN. Guarded by the
 * supervisor.
 */
final class StreamReporter {

	private static final Log logger = LogFactory.getLog(StreamReporter.class);

	private static final Duration REMEMBERED = Duration.ofHours(1);

	private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

	private final String watcher;

	private final StreamEvents events;

	private final LongSupplier nanoTime;

	// What was reported since the connection has proven itself
	private final List<ConnectionFailure> reported = new ArrayList<>();

	private final Recent outages;

	private final Recent interruptions;

	private @Nullable Long refusedPositionReported;

	private boolean recoveryIsNews = true;

	private boolean everConnected;

	StreamReporter(String watcher, StreamEvents events, LongSupplier nanoTime) {
		this.watcher = watcher;
		this.events = events;
		this.nanoTime = nanoTime;
		this.outages = new Recent(nanoTime);
		this.interruptions = new Recent(nanoTime);
	}

	void failed(ConnectionFailure failure, int failures, Duration delay) {
		boolean isNew = this.reported.stream().noneMatch(failure::isLike)
				&& failures > attemptsToTolerate(this.outages.count(failure));
		report(failure, isNew, this.outages, consequence(failure, delay, failure.mayBeOfAnotherAddress()));
		if (isNew) {
			this.reported.add(failure);
		}
		this.events.reconnecting(failures, delay, failure);
	}

	private static int attemptsToTolerate(int outages) {
		return (outages == 0) ? 0 : outages + 1;
	}

	/**
	 * A connection that was good has ended with an error, as those of a quiet stream do
	 * every minute behind some load balancers. That is news once an hour.
	 */
	void interrupted(ConnectionFailure failure, int failures, Duration delay) {
		report(failure, this.interruptions.count(failure) == 0, this.interruptions, consequence(failure, delay, false)
				+ ". Further interruptions of this kind are logged at DEBUG for an hour");
		this.events.reconnecting(failures, delay, failure);
	}

	void otherProject() {
		logger.warn(LogText.watcher(this.watcher) + ": since the access token was replaced, the platform does not"
				+ " continue from the last position. If the token is that of another project, give that project a"
				+ " watcher and a checkpoint of its own");
	}

	/**
	 * The watcher cannot connect any more.
	 */
	void unusable(ConnectionFailure failure) {
		logger.error(LogText.watcher(this.watcher) + ": " + failure.reason()
				+ ". It stops. Give each platform a watcher and a checkpoint of its own, or restore the access token");
		this.events.failed(failure);
		this.events.unusable();
	}

	private void report(ConnectionFailure failure, boolean isNew, Recent recent, String consequence) {
		String message = LogText.watcher(this.watcher) + ": " + failure.description() + consequence;
		if (!isNew) {
			logger.debug(message);
			return;
		}
		recent.add(failure);
		this.recoveryIsNews = true;
		logger.warn(message);
		this.events.failed(failure);
	}

	/**
	 * The platform refuses to resume at a position, and has accepted a time.
	 */
	void resumedByTime(@Nullable Long position, String refusal, Instant since) {
		String message = LogText.watcher(this.watcher) + ": the platform refuses to resume at position " + position
				+ " (" + refusal + "). Resumed with the updates since " + since
				+ "; older ones may be missing if the platform does not have them any more";
		long now = this.nanoTime.getAsLong();
		if (this.refusedPositionReported != null && now - this.refusedPositionReported < REMEMBERED.toNanos()) {
			logger.debug(message);
			return;
		}
		this.refusedPositionReported = now;
		logger.warn(message);
	}

	void stopsAtRefusedPosition(@Nullable Long position, String refusal) {
		logger.error(LogText.watcher(this.watcher) + ": the platform refuses to resume at position " + position + " ("
				+ refusal + "). The watcher stops, as 'requence.task.reconnect.on-refused-position' is 'stop'."
				+ " Set it to 'resume-by-time' to continue with the updates since the newest that was received");
	}

	void rotated(Duration delay) {
		logger.debug(LogText.watcher(this.watcher) + ": the platform has closed the stream, connecting again in "
				+ delay.toMillis() + " ms");
	}

	void connected(Duration outage, int attempts, boolean afterRefusal) {
		boolean afterFailure = this.everConnected || attempts > 1;
		String message = LogText.watcher(this.watcher) + " is connected"
				+ (afterFailure ? " after " + outage.toMillis() + " ms and " + attempts + " attempts" : "");
		if (this.recoveryIsNews) {
			logger.info(message);
		}
		else {
			logger.debug(message);
		}
		this.recoveryIsNews = false;
		this.everConnected = true;
		this.events.connected(outage, attempts, afterRefusal);
	}

	/**
	 * The connection has proven itself: what fails from now on is another outage.
	 */
	void forget() {
		this.reported.clear();
	}

	private static String consequence(ConnectionFailure failure, Duration delay, boolean mayBeOfAnotherAddress) {
		if (failure.kind() == Kind.REFUSED) {
			return ". The access token is refused: set 'requence.task.access-token' to a valid one. "
					+ "Connecting again when it has changed, or in " + delay.toSeconds() + " s";
		}
		if (Integer.valueOf(PROXY_AUTHENTICATION_REQUIRED).equals(failure.status())) {
			return ". A proxy requires credentials: configure it on the HTTP client with a"
					+ " ClientHttpConnectorBuilderCustomizer bean. Connecting again in " + delay.toMillis() + " ms";
		}
		return ". "
				+ (mayBeOfAnotherAddress ? "If this continues, check 'requence.task.base-url', or the base URL in the"
						+ " access token: scheme, host, port and path. " : "")
				+ "Connecting again in " + delay.toMillis() + " ms";
	}

	/**
	 * What was reported within an hour since the first of it.
	 */
	private static final class Recent {

		private final LongSupplier nanoTime;

		private final List<ConnectionFailure> failures = new ArrayList<>();

		private long since;

		private Recent(LongSupplier nanoTime) {
			this.nanoTime = nanoTime;
		}

		private int count(ConnectionFailure failure) {
			if (this.nanoTime.getAsLong() - this.since >= REMEMBERED.toNanos()) {
				this.failures.clear();
			}
			return (int) this.failures.stream().filter(failure::isLike).count();
		}

		private void add(ConnectionFailure failure) {
			if (this.failures.isEmpty()) {
				this.since = this.nanoTime.getAsLong();
			}
			this.failures.add(failure);
		}

	}

}
