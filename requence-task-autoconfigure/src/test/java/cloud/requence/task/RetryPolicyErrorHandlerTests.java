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
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.backoff.FixedBackOff;

import cloud.requence.task.TaskUpdateErrorHandler.Decision;
import cloud.requence.task.TaskUpdateErrorHandler.OnFailure;
import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RetryPolicyErrorHandler}.
 */
class RetryPolicyErrorHandlerTests {

	private static final RetryPolicy POLICY = RetryPolicy.builder()
		.maxRetries(2)
		.delay(Duration.ofSeconds(1))
		.multiplier(2)
		.maxDelay(Duration.ofSeconds(20))
		.build();

	private final TaskUpdate update = TestTask.of("task").start();

	static Stream<Exception> failures() {
		return Stream.of(new IllegalStateException("test"), new ClassCastException("test"));
	}

	private Decision decide(RetryPolicy policy, OnFailure onFailure, Exception failure, int failures) {
		return TaskUpdateErrorHandler.retrying(policy, onFailure).decide(this.update, failure, failures);
	}

	@ParameterizedTest
	@EnumSource
	void retriesAsThePolicySays(OnFailure onFailure) {
		assertThat(IntStream.of(1, 2).mapToObj((n) -> decide(POLICY, onFailure, new IllegalStateException(), n)))
			.containsExactly(Decision.retryAfter(Duration.ofSeconds(1)), Decision.retryAfter(Duration.ofSeconds(2)));
	}

	@Test
	void thenSkipsOrStops() {
		assertThat(decide(POLICY, OnFailure.SKIP, new IllegalStateException(), 3)).isEqualTo(Decision.skip());
		assertThat(decide(POLICY, OnFailure.STOP, new IllegalStateException(), 3)).isEqualTo(Decision.stop());
		assertThat(decide(POLICY, OnFailure.SKIP, new ClassCastException(), 1)).isEqualTo(Decision.skip());
		assertThat(decide(POLICY, OnFailure.STOP, new ClassCastException(), 1)).isEqualTo(Decision.stop());
	}

	@ParameterizedTest
	@MethodSource("failures")
	void orRetriesAtTheLongestDelayForAsLongAsItTakes(Exception failure) {
		for (int failures : new int[] { 3, 4, 1000, Integer.MAX_VALUE }) {
			assertThat(decide(POLICY, OnFailure.RETRY, failure, failures))
				.isEqualTo(Decision.retryAfter(Duration.ofSeconds(20)));
		}
	}

	@Test
	void aPolicyWithoutALongestDelayHasOne() {
		RetryPolicy policy = RetryPolicy.builder().maxRetries(0).delay(Duration.ofMillis(1)).multiplier(2).build();
		assertThat(decide(policy, OnFailure.RETRY, new IllegalStateException(), 1))
			.isEqualTo(Decision.retryAfter(Duration.ofSeconds(30)));
	}

	@Test
	void aFixedDelayIsTheLongestToo() {
		RetryPolicy policy = RetryPolicy.builder().backOff(new FixedBackOff(500, 1)).build();
		assertThat(decide(policy, OnFailure.RETRY, new IllegalStateException(), 2))
			.isEqualTo(Decision.retryAfter(Duration.ofMillis(500)));
	}

	@Test
	void neverRetriesWithoutAPause() {
		RetryPolicy policy = RetryPolicy.builder().backOff(new FixedBackOff(0, 1)).build();
		assertThat(decide(policy, OnFailure.RETRY, new IllegalStateException(), 2).delay()).isPositive();
	}

	@Test
	void aDelayIsNeverNegative() {
		assertThatIllegalArgumentException().isThrownBy(() -> Decision.retryAfter(Duration.ofNanos(-1)));
	}

}
