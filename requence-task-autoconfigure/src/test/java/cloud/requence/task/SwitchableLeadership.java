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
package cloud.requence.task;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Leads when a test says so.
 */
public final class SwitchableLeadership implements Leadership {

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private final AtomicInteger relinquished = new AtomicInteger();

	private final Runnable onRelinquished;

	private volatile boolean leader;

	public SwitchableLeadership() {
		this(() -> {
		});
	}

	/**
	 * Create a leadership.
	 * @param onRelinquished called whenever a watcher relinquishes it
	 */
	public SwitchableLeadership(Runnable onRelinquished) {
		this.onRelinquished = onRelinquished;
	}

	public void set(boolean leader) {
		this.leader = leader;
		this.listeners.forEach(Runnable::run);
	}

	/**
	 * Change without a report to the listeners.
	 */
	public void setSilently(boolean leader) {
		this.leader = leader;
	}

	public int relinquished() {
		return this.relinquished.get();
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
		if (this.leader) {
			this.relinquished.incrementAndGet();
			set(false);
		}
		this.onRelinquished.run();
	}

	public List<Runnable> listeners() {
		return this.listeners;
	}

}
