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

package cloud.requence.task.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.CheckpointStore;

/**
 * A store that can be told to fail.
 */
final class MemoryCheckpointStore implements CheckpointStore {

	final List<String> saved = new ArrayList<>();

	@Nullable String content;

	@Nullable RuntimeException failure;

	boolean losesAnswers;

	volatile @Nullable Runnable meanwhile;

	@Nullable Consumer<String> attempted;

	@Nullable Runnable written;

	@Override
	public @Nullable String load() {
		failIfTold();
		return this.content;
	}

	@Override
	public boolean compareAndSet(@Nullable String expected, String checkpoint) {
		if (this.attempted != null) {
			this.attempted.accept(checkpoint);
		}
		if (!this.losesAnswers) {
			failIfTold();
		}
		if (!Objects.equals(this.content, expected)) {
			return false;
		}
		Runnable work = this.meanwhile;
		if (work != null) {
			work.run();
		}
		this.content = checkpoint;
		this.saved.add(checkpoint);
		if (this.written != null) {
			this.written.run();
		}
		failIfTold();
		return true;
	}

	private void failIfTold() {
		if (this.failure != null) {
			throw this.failure;
		}
	}

	@Override
	public String toString() {
		return "memory";
	}

}
