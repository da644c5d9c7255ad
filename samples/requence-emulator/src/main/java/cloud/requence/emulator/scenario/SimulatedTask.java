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

import cloud.requence.emulator.TaskScript;

/**
 * One task of a scenario, which may fail, be retried or be aborted as its random choices
 * say. Confined to the thread of the scenario.
 */
final class SimulatedTask {

	private static final double RETRIED = 0.12;

	private static final double DEFERRED = 0.06;

	private static final List<String> ERRORS = List.of("Connection to the ERP system timed out",
			"503 from document service", "Record is locked by another user", "Rate limit exceeded, try again later",
			"Unexpected end of file in attachment");

	private static final List<String> DEFERRALS = List.of("Outside business hours", "Waiting for a free slot",
			"Waiting for a callback");

	private static final List<String> FAILURES = List.of("No one is responsible for this case", "Budget exceeded",
			"Supplier is blocked", "Too many attempts");

	private static final List<String> ABORTS = List.of("Withdrawn by the customer", "Duplicate of another case");

	private final ScenarioRun run;

	private final Blueprint blueprint;

	private final CaseData data;

	private final TaskScript script;

	private final Random random;

	private final Outcome outcome;

	private final int lastNode;

	private final EndListener end;

	private int nextNode;

	SimulatedTask(ScenarioRun run, Blueprint blueprint, CaseData data, TaskScript script, Random random,
			EndListener end) {
		this.run = run;
		this.blueprint = blueprint;
		this.data = data;
		this.script = script;
		this.random = random;
		this.outcome = Outcome.draw(random);
		this.lastNode = random.nextInt(blueprint.nodes().size());
		this.end = end;
		blueprint.nodes().forEach((node) -> script.nodeType(node.alias(), node.type()));
	}

	/**
	 * Continue a task that has started.
	 */
	void proceed() {
		if (this.nextNode == this.blueprint.nodes().size()) {
			later(300, this::finish);
			return;
		}
		int index = this.nextNode++;
		later(100 + this.random.nextInt(900), () -> enter(index));
	}

	/**
	 * Continue a task that has started, after its first node.
	 */
	void proceedInTheMiddle() {
		NodeBlueprint first = this.blueprint.nodes().get(this.nextNode++);
		this.script.nodeStart(first.alias());
		give(first);
		proceed();
	}

	private void enter(int index) {
		NodeBlueprint node = this.blueprint.nodes().get(index);
		this.script.nodeStart(node.alias());
		if (this.outcome != Outcome.SUCCESS && index == this.lastNode) {
			later(duration(node), () -> endEarly(node));
		}
		else if (node.calls() != null) {
			this.run.startSubTask(node.calls(), this.script, this.data, this.random.nextLong(),
					(succeeded) -> later(200, () -> returned(node, succeeded)));
		}
		else if (this.random.nextDouble() < DEFERRED) {
			later(1000, () -> defer(node));
		}
		else {
			later(duration(node), () -> work(node));
		}
	}

	private void defer(NodeBlueprint node) {
		this.script.nodeDefer(node.alias(), CaseData.pick(this.random, DEFERRALS));
		later(5000 + this.random.nextInt(15_000), () -> work(node));
	}

	private void work(NodeBlueprint node) {
		if (this.random.nextDouble() < RETRIED) {
			this.script.nodeError(node.alias(), CaseData.pick(this.random, ERRORS));
			later(2000, () -> retry(node));
			return;
		}
		give(node);
		proceed();
	}

	private void retry(NodeBlueprint node) {
		this.script.nodeStart(node.alias());
		later(duration(node), () -> work(node));
	}

	private void give(NodeBlueprint node) {
		this.script.nodeUpdate(node.alias(), node.dataOf(this.run.documents(), this.data), node.output());
		this.script.nodeEnd(node.alias());
	}

	private void returned(NodeBlueprint node, boolean succeeded) {
		if (succeeded) {
			give(node);
			proceed();
		}
		else {
			this.script.nodeError(node.alias(), "Sub-task " + node.calls() + " has no result");
			this.script.fail("Sub-task " + node.calls() + " has no result");
			this.end.ended(false);
		}
	}

	private void endEarly(NodeBlueprint node) {
		if (this.outcome == Outcome.FAILURE) {
			this.script.nodeError(node.alias(), CaseData.pick(this.random, ERRORS));
			this.script.fail(CaseData.pick(this.random, FAILURES));
		}
		else {
			this.script.abort(CaseData.pick(this.random, ABORTS));
		}
		this.end.ended(false);
	}

	private void finish() {
		this.script.end(this.blueprint.result().apply(this.data), CaseData.pick(this.random, this.blueprint.exits()));
		this.end.ended(true);
	}

	private void later(long millis, Runnable action) {
		this.run.later(millis, () -> unlessEnded(action));
	}

	private void unlessEnded(Runnable action) {
		try {
			if (!this.script.hasEnded()) {
				action.run();
				return;
			}
		}
		catch (IllegalStateException ex) {
			if (!this.script.hasEnded()) {
				throw ex;
			}
		}
		// A client has aborted the task.
		this.end.ended(false);
	}

	private long duration(NodeBlueprint node) {
		long range = 1000L * (node.maxSeconds() - node.minSeconds());
		// Rather short than long: most nodes are quick.
		double share = this.random.nextDouble() * this.random.nextDouble();
		return 1000L * node.minSeconds() + (long) (range * share);
	}

	private enum Outcome {

		SUCCESS, FAILURE, ABORT;

		static Outcome draw(Random random) {
			double chance = random.nextDouble();
			if (chance < 0.07) {
				return FAILURE;
			}
			return (chance < 0.11) ? ABORT : SUCCESS;
		}

	}

	/**
	 * Called at the end of a task.
	 */
	interface EndListener {

		/**
		 * Called once, on the thread of the scenario.
		 * @param succeeded whether the task has a result
		 */
		void ended(boolean succeeded);

	}

}
