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

package cloud.requence.task.delivery;

import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A thread that delivers, and the update that it delivers. Used by that thread alone,
 * apart from the thread and {@link #inHandSince()}.
 */
final class DeliveryWorker {

	private final Thread thread;

	private @Nullable PendingUpdate update;

	private @Nullable DeliveryResult result;

	private boolean keepsAlive;

	// Zero if nothing is being delivered. Read by any thread
	private volatile long inHandSince;

	DeliveryWorker(ThreadFactory threads, Consumer<DeliveryWorker> work) {
		Thread created = threads.newThread(() -> work.accept(this));
		if (created == null) {
			throw new IllegalStateException("There is no thread for the delivery");
		}
		this.thread = created;
	}

	Thread thread() {
		return this.thread;
	}

	/**
	 * Take an update over. From now on it is settled, whatever happens.
	 */
	void take(PendingUpdate update) {
		this.update = update;
		this.result = null;
	}

	/**
	 * Return the update to settle; {@code null} if there is none.
	 */
	@Nullable PendingUpdate update() {
		return this.update;
	}

	/**
	 * Return what became of the update; {@code null} if no attempt was made.
	 */
	@Nullable DeliveryResult result() {
		return this.result;
	}

	void begins(long now) {
		this.result = DeliveryResult.UNEXPECTED;
		this.inHandSince = (now != 0) ? now : 1;
	}

	void ends(DeliveryResult result) {
		this.result = result;
		this.inHandSince = 0;
	}

	void settled() {
		this.update = null;
		this.inHandSince = 0;
	}

	boolean isBusy() {
		return this.inHandSince != 0;
	}

	@Nullable Long inHandSince() {
		long since = this.inHandSince;
		return (since != 0) ? since : null;
	}

	boolean keepsAlive() {
		return this.keepsAlive;
	}

	void keepAlive(boolean keepsAlive) {
		this.keepsAlive = keepsAlive;
	}

}
