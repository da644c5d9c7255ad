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

package cloud.requence.emulator.scenario;

import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.emulator.scenario.SimulatedTask.EndListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The tasks between a start and a stop of a scenario, on one thread.
 */
final class ScenarioRun {

	private static final Logger logger = LoggerFactory.getLogger(ScenarioRun.class);

	private static final int RUNNING_AT_START = 6;

	private static final double ACKNOWLEDGED = 0.2;

	private static final long STOP_SECONDS = 5;

	private final RequenceEmulator emulator;

	private final Documents documents;

	private final Random random;

	private final double speed;

	private final DoubleSupplier tasksPerMinute;

	private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, (work) -> {
		Thread newThread = new Thread(work, "requence-emulator-scenario");
		newThread.setDaemon(true);
		return newThread;
	}, new DiscardPolicy());

	private final Set<TaskScript> running = new LinkedHashSet<>();

	private int failures;

	ScenarioRun(RequenceEmulator emulator, Random random, double speed, DoubleSupplier tasksPerMinute) {
		this.emulator = emulator;
		this.documents = new Documents(emulator.files());
		this.random = random;
		this.speed = speed;
		this.tasksPerMinute = tasksPerMinute;
	}

	void open() {
		for (Blueprint blueprint : Blueprints.all()) {
			this.emulator.onTask(blueprint.template(),
					(script, input) -> later(0, () -> take(blueprint, script, input)));
		}
		later(0, () -> {
			for (int i = 0; i < RUNNING_AT_START; i++) {
				newRoot().proceedInTheMiddle();
			}
			awaitNext();
		});
	}

	void close() {
		this.thread.shutdownNow();
		try {
			if (!this.thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
				logger.warn("The scenario does not stop");
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return;
		}
		if (this.failures > 1) {
			logger.warn("{} tasks of the scenario have failed", this.failures);
		}
		this.running.stream().filter((script) -> !script.hasEnded()).forEach((script) -> script.abort("Closing time"));
	}

	/**
	 * Do something after a time, on the thread of the scenario.
	 * @param millis the time, at normal speed
	 * @param action what to do
	 */
	void later(long millis, Runnable action) {
		long nanos = (long) (TimeUnit.MILLISECONDS.toNanos(millis) / this.speed);
		ScheduledFuture<?> unused = this.thread.schedule(() -> run(action), nanos, TimeUnit.NANOSECONDS);
	}

	/**
	 * Return the documents of the business.
	 * @return the documents, for the thread of the scenario only
	 */
	Documents documents() {
		return this.documents;
	}

	/**
	 * Start a sub-task.
	 * @param template its template
	 * @param parent the task that it is part of
	 * @param data what it is about
	 * @param seed the seed of its random choices
	 * @param end called when it has ended
	 */
	void startSubTask(String template, TaskScript parent, CaseData data, long seed, EndListener end) {
		Blueprint blueprint = Blueprints.of(template);
		TaskScript script = describe(blueprint, data).subTaskOf(parent);
		newTask(blueprint, data, script.start(), new Random(seed), end).proceed();
	}

	private void awaitNext() {
		// Independent arrivals, but no long gaps: there is always something to see.
		double share = Math.min(3, -Math.log(1 - this.random.nextDouble()));
		later((long) (share * 60_000 / this.tasksPerMinute.getAsDouble()), () -> {
			try {
				newRoot().proceed();
			}
			finally {
				awaitNext();
			}
		});
	}

	private SimulatedTask newRoot() {
		Random choices = new Random(this.random.nextLong());
		Blueprint blueprint = CaseData.pick(choices, Blueprints.roots());
		CaseData data = CaseData.draw(choices);
		TaskScript script = describe(blueprint, data);
		if (choices.nextDouble() < ACKNOWLEDGED) {
			script.requireAck();
		}
		return newTask(blueprint, data, script.start(), choices, (succeeded) -> {
		});
	}

	private void take(Blueprint blueprint, TaskScript script, JsonNode input) {
		Random choices = new Random(this.random.nextLong());
		newTask(blueprint, CaseData.draw(choices).withAmountOf(input), script, choices, (succeeded) -> {
		}).proceed();
	}

	private TaskScript describe(Blueprint blueprint, CaseData data) {
		return this.emulator.task(blueprint.template())
			.name(blueprint.name().apply(data))
			.input(blueprint.inputOf(this.documents, data));
	}

	private SimulatedTask newTask(Blueprint blueprint, CaseData data, TaskScript script, Random choices,
			EndListener end) {
		this.running.add(script);
		return new SimulatedTask(this, blueprint, data, script, choices, (succeeded) -> {
			this.running.remove(script);
			end.ended(succeeded);
		});
	}

	private void run(Runnable action) {
		try {
			action.run();
		}
		catch (Throwable ex) {
			report(ex);
		}
	}

	private void report(Throwable failure) {
		if (this.failures++ == 0) {
			logger.error("A task of the scenario has failed and does not continue; more are logged at DEBUG", failure);
		}
		else {
			logger.debug("Task {} of the scenario has failed and does not continue", this.failures, failure);
		}
	}

}
