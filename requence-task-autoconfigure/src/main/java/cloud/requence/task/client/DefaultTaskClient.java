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

package cloud.requence.task.client;

import java.util.Objects;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Default implementation of {@link TaskClient}, which waits for a reactive one.
 */
final class DefaultTaskClient implements TaskClient {

	private final ReactiveTaskClient reactive;

	DefaultTaskClient(ReactiveTaskClient reactive) {
		this.reactive = reactive;
	}

	@Override
	public TaskHandle create(TaskRequest request) {
		return new DefaultTaskHandle(Objects.requireNonNull(await(this.reactive.create(request))));
	}

	@Override
	public TaskHandle createAgain(String taskId) {
		return new DefaultTaskHandle(Objects.requireNonNull(await(this.reactive.createAgain(taskId))));
	}

	@Override
	public TaskDetails get(String taskId) {
		return Objects.requireNonNull(await(this.reactive.get(taskId)));
	}

	@Override
	public void abort(String taskId, @Nullable String reason) {
		await(this.reactive.abort(taskId, reason));
	}

	@Override
	public void protect(String taskId) {
		await(this.reactive.protect(taskId));
	}

	@Override
	public void acknowledge(String taskId) {
		await(this.reactive.acknowledge(taskId));
	}

	@Override
	public ReactiveTaskClient reactive() {
		return this.reactive;
	}

	/**
	 * Wait for a call.
	 * @param <T> the type of its result
	 * @param call the call
	 * @return its result
	 */
	static <T> @Nullable T await(Mono<T> call) {
		try {
			return call.block();
		}
		catch (RuntimeException ex) {
			if (ex.getCause() instanceof InterruptedException) {
				throw new TaskClientException("Interrupted while waiting for the platform", ex.getCause());
			}
			throw ex;
		}
	}

}
