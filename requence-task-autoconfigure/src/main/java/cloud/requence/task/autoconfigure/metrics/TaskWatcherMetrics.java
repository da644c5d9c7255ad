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

package cloud.requence.task.autoconfigure.metrics;

import java.util.Collection;
import java.util.function.Supplier;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import cloud.requence.task.TaskWatcher;

/**
 * Binds the meters of all watchers that are beans, apart from mocks without a status.
 */
final class TaskWatcherMetrics implements MeterBinder {

	private final Supplier<Collection<TaskWatcher>> watchers;

	TaskWatcherMetrics(Supplier<Collection<TaskWatcher>> watchers) {
		this.watchers = watchers;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.watchers.get()
			.stream()
			.filter((watcher) -> watcher.status() != null && watcher.name() != null)
			.forEach((watcher) -> new StatusMeters(registry, watcher).register());
	}

}
