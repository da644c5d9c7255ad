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

package cloud.requence.task.faults;

import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.integration.metadata.ConcurrentMetadataStore;

/**
 * A metadata store whose calls fail as a plan says, and always after a crash of the
 * application.
 */
final class FaultyMetadataStore implements ConcurrentMetadataStore {

	private final ConcurrentMetadataStore store;

	private final FaultPlan plan;

	private final BooleanSupplier dead;

	FaultyMetadataStore(ConcurrentMetadataStore store, FaultPlan plan, BooleanSupplier dead) {
		this.store = store;
		this.plan = plan;
		this.dead = dead;
	}

	@Override
	public void put(String key, String value) {
		run(Operation.SAVE, () -> {
			this.store.put(key, value);
			return true;
		});
	}

	@Override
	public @Nullable String get(String key) {
		return run(Operation.LOAD, () -> this.store.get(key));
	}

	@Override
	public @Nullable String remove(String key) {
		return run(Operation.SAVE, () -> this.store.remove(key));
	}

	@Override
	public @Nullable String putIfAbsent(String key, String value) {
		return run(Operation.SAVE, () -> this.store.putIfAbsent(key, value));
	}

	@Override
	public boolean replace(String key, String oldValue, String newValue) {
		return run(Operation.SAVE, () -> this.store.replace(key, oldValue, newValue));
	}

	private <T extends @Nullable Object> T run(Operation operation, Callable<T> action) {
		try {
			return this.plan.run(operation, () -> {
				if (this.dead.getAsBoolean()) {
					throw new IllegalStateException("the application has crashed");
				}
				return action.call();
			});
		}
		catch (Exception ex) {
			throw FaultPlan.<RuntimeException>sneaky(ex);
		}
	}

}
