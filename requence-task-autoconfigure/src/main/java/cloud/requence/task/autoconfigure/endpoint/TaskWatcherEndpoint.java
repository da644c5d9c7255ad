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

package cloud.requence.task.autoconfigure.endpoint;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus;

/**
 * {@link Endpoint @Endpoint} that shows the state of watchers, and starts, stops, pauses
 * and resumes them. Watchers are named as their beans are.
 */
@Endpoint(id = "requencetask")
public final class TaskWatcherEndpoint {

	private final Supplier<Map<String, TaskWatcher>> watchers;

	/**
	 * Create an endpoint.
	 * @param watchers returns the watchers by their names
	 */
	public TaskWatcherEndpoint(Supplier<Map<String, TaskWatcher>> watchers) {
		this.watchers = watchers;
	}

	/**
	 * Return the state of all watchers.
	 * @return the status of each watcher
	 */
	@ReadOperation
	public WatchersDescriptor watchers() {
		Map<String, TaskWatcherStatus> statuses = new TreeMap<>();
		this.watchers.get().forEach((name, watcher) -> statuses.put(name, watcher.status()));
		return new WatchersDescriptor(statuses);
	}

	/**
	 * Return the state of a watcher.
	 * @param watcher the name of the watcher
	 * @return its status; {@code null} if there is no such watcher
	 */
	@ReadOperation
	public @Nullable WatcherDescriptor watcher(@Selector String watcher) {
		TaskWatcher found = this.watchers.get().get(watcher);
		return (found != null) ? new WatcherDescriptor(found.status()) : null;
	}

	/**
	 * Control the only watcher.
	 * @param action what to do
	 * @return its status afterwards
	 * @throws InvalidEndpointRequestException if there are several
	 */
	@WriteOperation
	public WatcherDescriptor control(Action action) {
		Map<String, TaskWatcher> all = this.watchers.get();
		if (all.size() != 1) {
			throw invalid("Name a watcher in the path", all);
		}
		return perform(action, all.values().iterator().next());
	}

	/**
	 * Control a watcher.
	 * @param watcher the name of the watcher
	 * @param action what to do
	 * @return its status afterwards
	 * @throws InvalidEndpointRequestException if there is no such watcher
	 */
	@WriteOperation
	public WatcherDescriptor controlWatcher(@Selector String watcher, Action action) {
		Map<String, TaskWatcher> all = this.watchers.get();
		TaskWatcher found = all.get(watcher);
		if (found == null) {
			throw invalid("There is no such watcher", all);
		}
		return perform(action, found);
	}

	private static InvalidEndpointRequestException invalid(String problem, Map<String, TaskWatcher> all) {
		String reason = problem + ". There are: " + String.join(", ", new TreeMap<>(all).keySet());
		return new InvalidEndpointRequestException(reason, reason);
	}

	private static WatcherDescriptor perform(Action action, TaskWatcher watcher) {
		switch (action) {
			case START -> watcher.start();
			case STOP -> watcher.stop();
			case PAUSE -> watcher.pause();
			case RESUME -> watcher.resume();
		}
		return new WatcherDescriptor(watcher.status());
	}

	/**
	 * What to do with a watcher.
	 */
	public enum Action {

		/**
		 * Start to watch.
		 */
		START,

		/**
		 * Stop watching, after the update that is being handled.
		 */
		STOP,

		/**
		 * Close the connection and suspend the delivery, until resumed.
		 */
		PAUSE,

		/**
		 * Continue after a pause.
		 */
		RESUME

	}

	/**
	 * The state of all watchers.
	 *
	 * @param watchers the status of each watcher by its name
	 */
	public record WatchersDescriptor(Map<String, TaskWatcherStatus> watchers) implements OperationResponseBody {

	}

	/**
	 * The state of a watcher.
	 *
	 * @param status the status of the watcher
	 */
	public record WatcherDescriptor(@JsonUnwrapped TaskWatcherStatus status) implements OperationResponseBody {

	}

}
