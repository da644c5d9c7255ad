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

package cloud.requence.task.autoconfigure.observation;

import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.DeliveryMonitor.Outcome;
import cloud.requence.task.TaskUpdate;

/**
 * The context of an observation: an attempt to deliver an update.
 */
public class TaskUpdateObservationContext extends Observation.Context {

	private final String watcher;

	private final TaskUpdate update;

	private final int attempt;

	private @Nullable Outcome outcome;

	/**
	 * Create a context.
	 * @param watcher the name of the watcher
	 * @param update the update
	 * @param attempt which attempt it is for this update, from 1
	 */
	public TaskUpdateObservationContext(String watcher, TaskUpdate update, int attempt) {
		this.watcher = watcher;
		this.update = update;
		this.attempt = attempt;
	}

	/**
	 * Return the name of the watcher.
	 * @return the name
	 */
	public String getWatcher() {
		return this.watcher;
	}

	/**
	 * Return the update.
	 * @return the update
	 */
	public TaskUpdate getUpdate() {
		return this.update;
	}

	/**
	 * Return which attempt it is for the update.
	 * @return the number of the attempt, from 1
	 */
	public int getAttempt() {
		return this.attempt;
	}

	/**
	 * Return how the attempt has ended.
	 * @return the outcome; {@code null} while the attempt is in progress
	 */
	public @Nullable Outcome getOutcome() {
		return this.outcome;
	}

	void setOutcome(Outcome outcome) {
		this.outcome = outcome;
	}

}
