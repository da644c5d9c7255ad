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

package cloud.requence.samples.dashboard.board;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

import cloud.requence.task.client.TaskClient;
import cloud.requence.task.client.TaskNotFoundException;
import cloud.requence.task.client.TaskStatus;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Asks the platform which of the ended tasks still wait for their acknowledgement, as no
 * update tells it. Few are asked for at a time, and each less and less often. Its state
 * belongs to the rounds, which follow one another.
 */
final class AcknowledgementChecks implements AutoCloseable {

	private static final Duration INTERVAL = Duration.ofSeconds(5);

	private static final int TASKS_PER_ROUND = 10;

	private static final int MAX_PAUSE = 64;

	private final TaskBoard board;

	private final TaskClient client;

	private final Map<String, Check> checks = new HashMap<>();

	private long round;

	private @Nullable Disposable rounds;

	AcknowledgementChecks(TaskBoard board, TaskClient client) {
		this.board = board;
		this.client = client;
	}

	void start() {
		this.rounds = Flux.interval(INTERVAL)
			.onBackpressureDrop()
			.concatMap((tick) -> check().onErrorComplete(), 1)
			.subscribe();
	}

	/**
	 * Check some tasks.
	 * @return completes when the platform has answered
	 */
	Mono<Void> check() {
		return Mono.defer(() -> {
			this.round++;
			List<String> waiting = this.board.unacknowledged();
			this.checks.keySet().retainAll(new HashSet<>(waiting));
			return Flux.fromIterable(waiting).filter(this::isDue).take(TASKS_PER_ROUND).concatMap(this::check).then();
		});
	}

	private boolean isDue(String id) {
		Check check = this.checks.get(id);
		return check == null || check.round() <= this.round;
	}

	private Mono<Void> check(String id) {
		Check last = this.checks.get(id);
		int pause = (last != null) ? Math.min(MAX_PAUSE, 2 * last.pause()) : 1;
		this.checks.put(id, new Check(this.round + pause, pause));
		return this.client.reactive()
			.get(id)
			.map((task) -> task.status() != TaskStatus.AWAITING_DELIVERY && task.status().isEnded())
			.onErrorReturn(TaskNotFoundException.class, true)
			.filter(Boolean::booleanValue)
			.doOnNext((acknowledged) -> this.board.acknowledged(id))
			.then();
	}

	@Override
	public void close() {
		if (this.rounds != null) {
			this.rounds.dispose();
		}
	}

	/**
	 * When a task is asked for again.
	 *
	 * @param round the round
	 * @param pause how many rounds after the one before
	 */
	private record Check(long round, int pause) {

	}

}
