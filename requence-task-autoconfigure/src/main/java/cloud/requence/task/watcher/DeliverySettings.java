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

import java.util.List;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.DeadLetterHandler;
import cloud.requence.task.DeliveryMonitor;
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskUpdateFilter;
import cloud.requence.task.TaskUpdateHandler;

/**
 * How updates are delivered.
 *
 * @param filter decides what is delivered
 * @param handler receives it; {@code null} to publish events
 * @param errorHandler decides what follows a failure
 * @param deadLetterHandler stores what is about to be skipped; {@code null} to skip it at
 * once
 * @param concurrency how many threads deliver
 * @param virtualThreads whether these are virtual
 * @param mdc whether the logging context names the update while a listener runs
 * @param maxInFlight how many updates may wait
 * @param maxInFlightBytes the size of the updates that may wait, in bytes
 * @param monitors create what sees every attempt
 */
record DeliverySettings(TaskUpdateFilter filter, @Nullable TaskUpdateHandler handler,
		TaskUpdateErrorHandler errorHandler, @Nullable DeadLetterHandler deadLetterHandler, int concurrency,
		boolean virtualThreads, boolean mdc, int maxInFlight, long maxInFlightBytes,
		List<DeliveryMonitor.Factory> monitors) {

	DeliverySettings {
		monitors = List.copyOf(monitors);
	}

}
