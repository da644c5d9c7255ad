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

package cloud.requence.task.acknowledgement;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.support.LogText;

/**
 * Looks after the ends of tasks that the application has not acknowledged for minutes, as
 * the checkpoint waits for them: logs that there are some, and asks the platform, a few
 * at a time, whether they were acknowledged elsewhere. That may be another instance,
 * which cannot reach this one. Confined to the worker.
 */
public final class MissingAcknowledgements {

	private static final Log logger = LogFactory.getLog(MissingAcknowledgements.class);

	private static final Duration PERIOD = Duration.ofSeconds(10);

	private static final long MISSING_AFTER = Duration.ofMinutes(2).toNanos();

	private static final int QUESTIONS = 5;

	private final String watcher;

	private final DeliveryQueue queue;

	private final Function<String, Mono<Boolean>> acknowledged;

	private final LongSupplier nanoTime;

	// When a task was seen or asked for, the longest ago first
	private final Map<String, Long> lastSeen = new LinkedHashMap<>();

	private Disposable questions = Disposables.disposed();

	private boolean missing;

	/**
	 * Create an instance, not started.
	 * @param watcher the name of the watcher, for logs
	 * @param queue knows what is to be acknowledged
	 * @param acknowledged asks the platform whether a task needs no acknowledgement any
	 * more; empty or an error if it does not know
	 * @param nanoTime the monotonic clock
	 */
	public MissingAcknowledgements(String watcher, DeliveryQueue queue, Function<String, Mono<Boolean>> acknowledged,
			LongSupplier nanoTime) {
		this.watcher = watcher;
		this.queue = queue;
		this.acknowledged = acknowledged;
		this.nanoTime = nanoTime;
	}

	/**
	 * Start to look.
	 * @param worker where to do so; the end of the worker ends it
	 */
	public void start(Scheduler.Worker worker) {
		worker.schedulePeriodically(this::lookSafely, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
	}

	private void lookSafely() {
		try {
			look();
		}
		catch (Throwable ex) {
			logger.warn(LogText.watcher(this.watcher) + ": the check for missing acknowledgements has failed", ex);
		}
	}

	private void look() {
		long now = this.nanoTime.getAsLong();
		List<String> awaited = this.queue.awaitedAcknowledgements();
		this.lastSeen.keySet().retainAll(awaited);
		awaited.forEach((taskId) -> this.lastSeen.putIfAbsent(taskId, now));
		List<String> late = this.lastSeen.entrySet()
			.stream()
			.filter((entry) -> now - entry.getValue() >= MISSING_AFTER)
			.map(Map.Entry::getKey)
			.toList();
		log(late.size(), awaited.isEmpty());
		ask(late.stream().limit(QUESTIONS).toList(), now);
	}

	private void log(int late, boolean none) {
		if (late > 0 && !this.missing) {
			this.missing = true;
			logger.warn(LogText.watcher(this.watcher) + ": " + late
					+ " ends of tasks were delivered minutes ago and are not acknowledged. The checkpoint keeps its"
					+ " position until they are. Call TaskWatcher.acknowledge when their work is done");
		}
		else if (none && this.missing) {
			this.missing = false;
			logger.info(LogText.watcher(this.watcher) + ": no acknowledgements are missing anymore");
		}
	}

	private void ask(List<String> taskIds, long now) {
		if (taskIds.isEmpty() || !this.questions.isDisposed()) {
			return;
		}
		for (String taskId : taskIds) {
			this.lastSeen.remove(taskId);
			this.lastSeen.put(taskId, now);
		}
		this.questions = Flux.fromIterable(taskIds).concatMap(this::ask).subscribe();
	}

	private Mono<Boolean> ask(String taskId) {
		return Mono.defer(() -> this.acknowledged.apply(taskId)).doOnNext((done) -> {
			if (done) {
				this.queue.acknowledgedElsewhere(taskId);
			}
		}).onErrorResume((ex) -> {
			logger.debug(LogText.watcher(this.watcher) + ": could not ask for a task", ex);
			return Mono.empty();
		});
	}

}
