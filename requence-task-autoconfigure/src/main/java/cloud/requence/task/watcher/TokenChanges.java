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

import java.time.Duration;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.AccessToken;

/**
 * Follows the access token of a connection: when a refused one is to be looked at again,
 * and whether a replaced one is that of another project. The project of a token is not
 * known; positions that do not fit may be those of another one. Guarded by the
 * supervisor.
 */
final class TokenChanges {

	private static final Duration CHECK = Duration.ofSeconds(10);

	private final UpdatePipeline pipeline;

	private final LongSupplier nanoTime;

	private @Nullable AccessToken used;

	private boolean replaced;

	private long regressedBefore;

	private long checkedAt;

	TokenChanges(UpdatePipeline pipeline, LongSupplier nanoTime) {
		this.pipeline = pipeline;
		this.nanoTime = nanoTime;
	}

	/**
	 * A token is used for an attempt.
	 * @param hasPosition whether the attempt resumes at a position
	 */
	void use(AccessToken token, boolean hasPosition) {
		if (this.used != null && !this.used.equals(token) && hasPosition) {
			this.replaced = true;
			this.regressedBefore = this.pipeline.reporter().regressed();
		}
		this.used = token;
	}

	/**
	 * Find out whether a replaced token is that of another project, once.
	 * @param rejected whether the platform has rejected the attempt
	 */
	boolean isOtherProject(boolean rejected) {
		if (!this.replaced) {
			return false;
		}
		this.replaced = false;
		return rejected || this.pipeline.reporter().regressed() != this.regressedBefore;
	}

	/**
	 * The token was refused.
	 */
	void refused() {
		this.checkedAt = this.nanoTime.getAsLong();
	}

	/**
	 * Return whether it is time to look at the token again, and count that as done.
	 */
	boolean isTimeToCheck() {
		boolean due = this.nanoTime.getAsLong() - this.checkedAt >= CHECK.toNanos();
		if (due) {
			this.checkedAt = this.nanoTime.getAsLong();
		}
		return due;
	}

	boolean hasChangedTo(AccessToken token) {
		return !token.equals(this.used);
	}

}
