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

import java.time.Duration;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.Assert;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;
import org.springframework.util.backoff.FixedBackOff;

/**
 * Retries as a {@link RetryPolicy} says.
 */
final class RetryPolicyErrorHandler implements TaskUpdateErrorHandler {

	private static final Duration DEFAULT_DELAY = Duration.ofSeconds(30);

	private static final long SHORTEST_DELAY_MILLIS = 10;

	private final RetryPolicy policy;

	private final OnFailure onFailure;

	RetryPolicyErrorHandler(RetryPolicy policy, OnFailure onFailure) {
		Assert.notNull(policy, "'policy' must not be null");
		Assert.notNull(onFailure, "'onFailure' must not be null");
		this.policy = policy;
		this.onFailure = onFailure;
	}

	@Override
	public Decision decide(TaskUpdate update, Throwable failure, int failures) {
		if (isRetryable(failure)) {
			long delay = delayAfter(failures);
			if (delay != BackOffExecution.STOP) {
				return Decision.retryAfter(Duration.ofMillis(delay));
			}
		}
		return switch (this.onFailure) {
			case SKIP -> Decision.skip();
			case STOP -> Decision.stop();
			case RETRY -> Decision.retryAfter(longestDelay());
		};
	}

	private boolean isRetryable(Throwable failure) {
		return !TaskUpdateErrorHandler.isPermanent(failure) && this.policy.shouldRetry(failure);
	}

	private long delayAfter(int failures) {
		BackOffExecution execution = this.policy.getBackOff().start();
		long delay = execution.nextBackOff();
		for (int i = 1; i < failures && delay != BackOffExecution.STOP; i++) {
			delay = execution.nextBackOff();
		}
		return delay;
	}

	private Duration longestDelay() {
		BackOff backOff = this.policy.getBackOff();
		long delay = Long.MAX_VALUE;
		if (backOff instanceof ExponentialBackOff exponential) {
			delay = exponential.getMaxInterval();
		}
		else if (backOff instanceof FixedBackOff fixed) {
			delay = fixed.getInterval();
		}
		// A policy need not have one, and attempts without end need a pause
		return (delay < Long.MAX_VALUE) ? Duration.ofMillis(Math.max(delay, SHORTEST_DELAY_MILLIS)) : DEFAULT_DELAY;
	}

}
