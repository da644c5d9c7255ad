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

package cloud.requence.task.watcher;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

import cloud.requence.task.checkpoint.Checkpointer;

/**
 * Whether this instance may watch: it is the leader, if there is an election, and no
 * other instance has written the checkpoint. Safe for use by several threads.
 */
final class Eligibility {

	private final @Nullable LeadershipMonitor leadership;

	private final @Nullable Checkpointer checkpointer;

	// Another instance has written the checkpoint
	private volatile boolean superseded;

	Eligibility(@Nullable LeadershipMonitor leadership, @Nullable Checkpointer checkpointer) {
		this.leadership = leadership;
		this.checkpointer = checkpointer;
	}

	/**
	 * Return whether there is an election.
	 */
	boolean isElective() {
		return this.leadership != null;
	}

	/**
	 * Return whether this instance may watch.
	 */
	boolean isGiven() {
		return !this.superseded && (this.leadership == null || this.leadership.isLeader());
	}

	/**
	 * Return whether this instance is the elected leader.
	 */
	boolean isElected() {
		return this.leadership != null && this.leadership.isLeader();
	}

	/**
	 * Another instance has written the checkpoint.
	 */
	void supersede() {
		this.superseded = true;
	}

	boolean isSuperseded() {
		return this.superseded;
	}

	/**
	 * Return whether an instance that was superseded may try again: it is elected anew,
	 * or without an election the other instance has ended. Reads the store.
	 */
	boolean isFreeAgain() {
		if (this.leadership != null) {
			return !this.leadership.isLeader();
		}
		return this.checkpointer == null || this.checkpointer.isAbandoned();
	}

	/**
	 * Forget that another instance has written the checkpoint.
	 */
	void reset() {
		this.superseded = false;
	}

	/**
	 * Begin to follow the election, if there is one.
	 */
	void follow(WatcherThreads threads) {
		if (this.leadership != null) {
			Scheduler thread = threads.scheduler("leadership");
			this.leadership.start(thread);
		}
	}

	/**
	 * End to follow the election.
	 */
	void stop() {
		if (this.leadership != null) {
			this.leadership.stop();
		}
	}

	/**
	 * Leave the leadership to another instance.
	 */
	void relinquish() {
		if (this.leadership != null) {
			this.leadership.relinquish();
		}
	}

	/**
	 * Return since when the election does not say whether this instance leads.
	 * @return the time by the ticker; {@code null} if it does, or if there is none
	 */
	@Nullable Long unknownSince() {
		return (this.leadership != null) ? this.leadership.unknownSince() : null;
	}

	void revive() {
		if (this.leadership != null) {
			this.leadership.revive();
		}
	}

}
