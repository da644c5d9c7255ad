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

import java.util.List;
import java.util.Random;

import cloud.requence.emulator.RequenceEmulator;
import org.jspecify.annotations.Nullable;

/**
 * Simulates the tasks of a fictitious business: invoices, onboarding, orders, insurance
 * claims, with payments and fraud checks as sub-tasks. Nodes fail and are retried or
 * deferred, tasks fail or are aborted, some require an acknowledgement. Invoices come
 * with scans, claims with values that are too large for a message.
 * <p>
 * The tasks are derived from a seed; their times depend on the clock. Tasks that clients
 * create from the same templates run in the same way. Methods may be called by any
 * thread.
 */
public final class Scenario implements AutoCloseable {

	private final RequenceEmulator emulator;

	private final double speed;

	private final Random random;

	private volatile double tasksPerMinute;

	private @Nullable ScenarioRun run;

	private Scenario(Builder builder) {
		this.emulator = builder.emulator;
		this.speed = builder.speed;
		this.random = new Random(builder.seed);
		this.tasksPerMinute = builder.tasksPerMinute;
	}

	/**
	 * Start to build a scenario.
	 * @param emulator where it takes place
	 * @return the builder
	 */
	public static Builder builder(RequenceEmulator emulator) {
		return new Builder(emulator);
	}

	/**
	 * Start. Some tasks are running immediately, so that clients that connect later do
	 * not see their start.
	 * @return this
	 */
	public synchronized Scenario start() {
		if (this.run == null) {
			this.run = new ScenarioRun(this.emulator, this.random, this.speed, () -> this.tasksPerMinute);
			this.run.open();
		}
		return this;
	}

	/**
	 * Stop, and abort the running tasks.
	 */
	public synchronized void stop() {
		ScenarioRun running = this.run;
		this.run = null;
		if (running != null) {
			running.close();
		}
	}

	@Override
	public void close() {
		stop();
	}

	/**
	 * Return the templates that tasks can be created from.
	 * @return the names of the templates
	 */
	public static List<String> templates() {
		return Blueprints.all().stream().map(Blueprint::template).toList();
	}

	/**
	 * Set how many tasks begin, sub-tasks not counted.
	 * @param tasksPerMinute how many in a minute on average, at normal speed
	 */
	public void tasksPerMinute(double tasksPerMinute) {
		this.tasksPerMinute = positive(tasksPerMinute, "tasksPerMinute");
	}

	private static double positive(double value, String name) {
		if (!(value > 0)) {
			throw new IllegalArgumentException(name + " must be positive");
		}
		return value;
	}

	/**
	 * Builds a scenario.
	 */
	public static final class Builder {

		private final RequenceEmulator emulator;

		private long seed = 1;

		private double tasksPerMinute = 30;

		private double speed = 1;

		private Builder(RequenceEmulator emulator) {
			this.emulator = emulator;
		}

		/**
		 * Sets the seed.
		 * @param seed the seed, 1 by default
		 * @return this
		 */
		public Builder seed(long seed) {
			this.seed = seed;
			return this;
		}

		/**
		 * Sets how many tasks begin, sub-tasks not counted.
		 * @param tasksPerMinute how many in a minute on average, 30 by default
		 * @return this
		 */
		public Builder tasksPerMinute(double tasksPerMinute) {
			this.tasksPerMinute = positive(tasksPerMinute, "tasksPerMinute");
			return this;
		}

		/**
		 * Makes everything faster, or slower.
		 * @param speed how many times as fast, 1 by default
		 * @return this
		 */
		public Builder speed(double speed) {
			this.speed = positive(speed, "speed");
			return this;
		}

		/**
		 * Build the scenario, not started yet.
		 * @return the scenario
		 */
		public Scenario build() {
			return new Scenario(this);
		}

	}

}
