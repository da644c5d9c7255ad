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

package cloud.requence.task.autoconfigure;

import java.util.function.Function;

import cloud.requence.task.CheckpointStore;
import cloud.requence.task.TaskWatcher;

/**
 * Configures a separate checkpoint store for each watcher.
 */
final class CheckpointConfigurer implements WatcherConfigurer {

	private final Function<String, CheckpointStore> stores;

	CheckpointConfigurer(Function<String, CheckpointStore> stores) {
		this.stores = stores;
	}

	@Override
	public void configure(String name, TaskWatcher.Builder builder) {
		builder.checkpointStore(this.stores.apply(name));
	}

}
