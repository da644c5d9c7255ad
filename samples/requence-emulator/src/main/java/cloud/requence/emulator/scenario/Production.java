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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * All plays between a start and a stop of a scenario, on one thread.
 */
final class Production implements Stagehand {

	private static final Logger logger = LoggerFactory.getLogger(Production.class);

	private static final int RUNNING_AT_START = 6;

	private static final double ACKNOWLEDGED = 0.2;

	private static final long STOP_SECONDS = 5;

	private final RequenceEmulator emulator;

	private final Papers papers;

	private final Random random;

	private final double speed;

	private final DoubleSupplier tasksPerMinute;

	private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, (work) -> {
		Thread newThread = new Thread(work, "requence-emulator-scenario");
		newThread.setDaemon(true);
		return newThread;
	}, new DiscardPolicy());

	private final Set<TaskScript> running = new LinkedHashSet<>();

	Production(RequenceEmulator emulator, Random random, double speed, DoubleSupplier tasksPerMinute) {
		this.emulator = emulator;
		this.papers = new Papers(emulator.files());
		this.random = random;
		this.speed = speed;
		this.tasksPerMinute = tasksPerMinute;
	}

	void open() {
		for (Blueprint blueprint : Blueprints.all()) {
			this.emulator.onTask(blueprint.template(),
					(script, input) -> later(0, () -> adopt(blueprint, script, input)));
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
		this.running.stream().filter((script) -> !script.hasEnded()).forEach((script) -> script.abort("Closing time"));
	}

	@Override
	public void later(long millis, Runnable action) {
		long nanos = (long) (TimeUnit.MILLISECONDS.toNanos(millis) / this.speed);
		ScheduledFuture<?> unused = this.thread.schedule(() -> run(action), nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public Papers papers() {
		return this.papers;
	}

	@Override
	public void playPart(String template, TaskScript parent, Facts facts, long seed, PlayEnd end) {
		Blueprint blueprint = Blueprints.of(template);
		TaskScript script = describe(blueprint, facts).subTaskOf(parent);
		newPlay(blueprint, facts, script.start(), new Random(seed), end).proceed();
	}

	private void awaitNext() {
		// Independent arrivals, but no long gaps: there is always something to see.
		double share = Math.min(3, -Math.log(1 - this.random.nextDouble()));
		later((long) (share * 60_000 / this.tasksPerMinute.getAsDouble()), () -> {
			newRoot().proceed();
			awaitNext();
		});
	}

	private Play newRoot() {
		Random luck = new Random(this.random.nextLong());
		Blueprint blueprint = Facts.pick(luck, Blueprints.roots());
		Facts facts = Facts.draw(luck);
		TaskScript script = describe(blueprint, facts);
		if (luck.nextDouble() < ACKNOWLEDGED) {
			script.requireAck();
		}
		return newPlay(blueprint, facts, script.start(), luck, (succeeded) -> {
		});
	}

	private void adopt(Blueprint blueprint, TaskScript script, JsonNode input) {
		Random luck = new Random(this.random.nextLong());
		newPlay(blueprint, Facts.draw(luck).withAmountOf(input), script, luck, (succeeded) -> {
		}).proceed();
	}

	private TaskScript describe(Blueprint blueprint, Facts facts) {
		return this.emulator.task(blueprint.template())
			.name(blueprint.name().apply(facts))
			.input(blueprint.inputOf(this.papers, facts));
	}

	private Play newPlay(Blueprint blueprint, Facts facts, TaskScript script, Random luck, PlayEnd end) {
		this.running.add(script);
		return new Play(this, blueprint, facts, script, luck, (succeeded) -> {
			this.running.remove(script);
			end.over(succeeded);
		});
	}

	private void run(Runnable action) {
		try {
			action.run();
		}
		catch (RuntimeException ex) {
			logger.error("A task of the scenario does not go on", ex);
		}
	}

}
