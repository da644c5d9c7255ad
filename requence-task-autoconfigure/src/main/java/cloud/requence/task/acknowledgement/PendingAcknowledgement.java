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

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * An acknowledgement that the platform has not taken yet, and when to try again. To be
 * guarded by its user; compared by identity.
 */
final class PendingAcknowledgement {

	private static final BackOff BACK_OFF = backOff();

	private final String taskId;

	private final @Nullable Runnable done;

	private @Nullable Disposable attempt;

	private boolean delayed;

	private long dueAt;

	private BackOffExecution delays = BACK_OFF.start();

	private boolean failing;

	private @Nullable Long refusedSince;

	PendingAcknowledgement(String taskId, @Nullable Runnable done) {
		this.taskId = taskId;
		this.done = done;
	}

	private static BackOff backOff() {
		ExponentialBackOff backOff = new ExponentialBackOff(1000, 2);
		backOff.setMaxInterval(30_000);
		return backOff;
	}

	String taskId() {
		return this.taskId;
	}

	/**
	 * Return whether a checkpoint carries it, so that it survives the application.
	 */
	boolean isDurable() {
		return this.done != null;
	}

	void done() {
		if (this.done != null) {
			this.done.run();
		}
	}

	boolean isDue(long now) {
		return this.attempt == null && (!this.delayed || this.dueAt - now <= 0);
	}

	boolean isInFlight() {
		return this.attempt != null;
	}

	/**
	 * Return the current attempt.
	 * @return the attempt; {@code null} if it is not on its way
	 */
	@Nullable Disposable attempt() {
		return this.attempt;
	}

	void begin(Disposable next) {
		this.attempt = next;
	}

	/**
	 * End the current attempt.
	 * @return the attempt; {@code null} if there is none
	 */
	@Nullable Disposable end() {
		Disposable ended = this.attempt;
		this.attempt = null;
		return ended;
	}

	void tryAgainAtOnce() {
		this.delayed = false;
		this.delays = BACK_OFF.start();
	}

	/**
	 * The last attempt has failed.
	 */
	void retryLater(long now, boolean refused) {
		this.failing = true;
		this.delayed = true;
		this.dueAt = now + TimeUnit.MILLISECONDS.toNanos(this.delays.nextBackOff());
		if (!refused) {
			this.refusedSince = null;
		}
		else if (this.refusedSince == null) {
			this.refusedSince = now;
		}
	}

	/**
	 * Return whether an attempt has failed.
	 */
	boolean isFailing() {
		return this.failing;
	}

	/**
	 * Return since when each attempt was answered with a refusal.
	 * @return the time; {@code null} if the last attempt was not
	 */
	@Nullable Long refusedSince() {
		return this.refusedSince;
	}

}
