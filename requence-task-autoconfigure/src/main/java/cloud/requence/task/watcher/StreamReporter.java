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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import cloud.requence.task.stream.ConnectionFailure;
import cloud.requence.task.stream.ConnectionFailure.Kind;

/**
 * Tells the story of a connection, in logs and events: the first failure of a kind loud,
 * its repetitions quiet, and the recovery once. Guarded by the supervisor.
 */
final class StreamReporter {

	private static final Log logger = LogFactory.getLog(StreamReporter.class);

	private final String watcher;

	private final StreamEvents events;

	// What was told since the connection has proven itself
	private final List<ConnectionFailure> told = new ArrayList<>();

	private boolean recoveryTold;

	private boolean everConnected;

	StreamReporter(String watcher, StreamEvents events) {
		this.watcher = watcher;
		this.events = events;
	}

	void failed(ConnectionFailure failure, int failures, Duration delay) {
		String message = "Task watcher '" + this.watcher + "': " + failure.description() + consequence(failure, delay);
		if (this.told.stream().anyMatch(failure::isLike)) {
			logger.debug(message);
		}
		else {
			this.told.add(failure);
			this.recoveryTold = false;
			logger.warn(message);
			this.events.failed(failure);
		}
		this.events.reconnecting(failures, delay, failure);
	}

	void rotated(Duration delay) {
		logger.debug("Task watcher '" + this.watcher + "': the stream has ended in order, connecting again in "
				+ delay.toMillis() + " ms");
	}

	void connected(Duration outage, int attempts, boolean afterRefusal) {
		boolean worthTelling = !this.everConnected || (!this.told.isEmpty() && !this.recoveryTold);
		String message = "Task watcher '" + this.watcher + "' is connected"
				+ (!this.told.isEmpty() ? " after " + outage.toMillis() + " ms and " + attempts + " attempts" : "");
		if (worthTelling) {
			logger.info(message);
		}
		else {
			logger.debug(message);
		}
		this.recoveryTold = true;
		this.everConnected = true;
		this.events.connected(outage, attempts, afterRefusal);
	}

	/**
	 * The connection has proven itself: whatever fails from now on is news.
	 */
	void forget() {
		this.told.clear();
	}

	private static String consequence(ConnectionFailure failure, Duration delay) {
		if (failure.kind() == Kind.REFUSED) {
			return ". The access token is refused: set 'requence.task.access-token' to a valid one. "
					+ "Connecting again when it has changed, or in " + delay.toSeconds() + " s";
		}
		return ". " + hint(failure) + "Connecting again in " + delay.toMillis() + " ms";
	}

	private static String hint(ConnectionFailure failure) {
		int status = Objects.requireNonNullElse(failure.status(), 0);
		boolean notThePlatform = failure.kind() == Kind.NOT_A_STREAM || status == 404 || status == 405
				|| (status >= 300 && status < 400);
		return notThePlatform
				? "If this goes on, 'requence.task.base-url' or the one in the access token is not that of"
						+ " the platform. "
				: "";
	}

}
