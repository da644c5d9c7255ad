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

import cloud.requence.task.CheckpointStore;

/**
 * A store whose calls fail as a plan says, and always after a crash of the application.
 */
final class FaultyCheckpointStore implements CheckpointStore {

	private final CheckpointStore store;

	private final FaultPlan plan;

	private final BooleanSupplier dead;

	FaultyCheckpointStore(CheckpointStore store, FaultPlan plan, BooleanSupplier dead) {
		this.store = store;
		this.plan = plan;
		this.dead = dead;
	}

	@Override
	public @Nullable String load() {
		return run(Operation.LOAD, this.store::load);
	}

	@Override
	public boolean compareAndSet(@Nullable String expected, String checkpoint) {
		return run(Operation.SAVE, () -> this.store.compareAndSet(expected, checkpoint));
	}

	private <T extends @Nullable Object> T run(Operation operation, Callable<T> action) {
		try {
			return this.plan.run(operation, alive(action));
		}
		catch (Exception ex) {
			throw FaultPlan.<RuntimeException>sneaky(ex);
		}
	}

	private <T extends @Nullable Object> Callable<T> alive(Callable<T> action) {
		return () -> {
			if (this.dead.getAsBoolean()) {
				throw new IllegalStateException("the application has crashed");
			}
			return action.call();
		};
	}

	@Override
	public String toString() {
		return "faulty " + this.store;
	}

}
