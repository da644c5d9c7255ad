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

import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.stream.ConnectionFailure;

/**
 * Callback for the state of the connection. Called under the lock of the supervisor:
 * implementations hand over and return.
 */
interface StreamEvents {

	void connected(Duration outage, int attempts, boolean afterRefusal);

	void reconnecting(int attempt, Duration delay, ConnectionFailure cause);

	void failed(ConnectionFailure failure);

	/**
	 * The watcher cannot connect any more and has to stop.
	 */
	void unusable();

	void caughtUp();

	void idle(Duration idle);

	void noLongerIdle(Duration idle);

	void gap(Gap gap);

	/**
	 * The platform refuses the position, and the watcher is to stop then.
	 */
	void positionRefused();

}
