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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import cloud.requence.task.Leadership;

/**
 * The leadership of one instance.
 */
final class SimulatedLeadership implements Leadership {

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private final Runnable onRelinquished;

	private volatile boolean leader;

	SimulatedLeadership(Runnable onRelinquished) {
		this.onRelinquished = onRelinquished;
	}

	@Override
	public boolean isLeader() {
		return this.leader;
	}

	@Override
	public void addListener(Runnable listener) {
		this.listeners.add(listener);
	}

	@Override
	public void removeListener(Runnable listener) {
		this.listeners.remove(listener);
	}

	@Override
	public void relinquish() {
		set(false);
		this.onRelinquished.run();
	}

	void set(boolean leader) {
		this.leader = leader;
		this.listeners.forEach(Runnable::run);
	}

}
