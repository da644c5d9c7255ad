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

package cloud.requence.samples.dashboard.board;

import java.time.Duration;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.samples.dashboard.support.MutableClock;
import cloud.requence.samples.dashboard.support.Updates;
import cloud.requence.task.client.TaskClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AcknowledgementChecks}.
 */
class AcknowledgementChecksTests {

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private final TaskClient client = TaskClient.builder().accessToken(this.emulator.accessToken()).build();

	private final TaskBoard board = new TaskBoard(BoardLimits.DEFAULT, AttentionProperties.DEFAULT, new MutableClock());

	private final AcknowledgementChecks checks = new AcknowledgementChecks(this.board, this.client);

	@AfterEach
	void close() {
		this.checks.close();
		this.emulator.close();
	}

	private String endWithoutAcknowledgement() {
		TaskScript task = this.emulator.task("invoice").requireAck().start().end("done");
		this.board.apply(Updates.of(task.taskId()).endToAcknowledge());
		return task.taskId();
	}

	private void check() {
		this.checks.check().block(Duration.ofSeconds(10));
	}

	private boolean isUnacknowledged(String id) {
		return this.board.details(id).orElseThrow().task().unacknowledged();
	}

	@Test
	void findsTheTasksThatOthersHaveAcknowledged() {
		String waiting = endWithoutAcknowledgement();
		String acknowledged = endWithoutAcknowledgement();
		assertThat(this.board.unacknowledged()).containsExactlyInAnyOrder(waiting, acknowledged);
		this.client.acknowledge(acknowledged);
		check();
		assertThat(isUnacknowledged(acknowledged)).isFalse();
		assertThat(isUnacknowledged(waiting)).isTrue();
	}

	@Test
	void asksLessAndLessOften() {
		String waiting = endWithoutAcknowledgement();
		for (int round = 0; round < 32; round++) {
			check();
		}
		assertThat(this.emulator.requests()).filteredOn((request) -> request.path().endsWith("/task/" + waiting))
			.hasSizeBetween(4, 7);
	}

	@Test
	void doesNotWaitForATaskThatThePlatformDoesNotKnow() {
		this.board.apply(Updates.of("unknown").endToAcknowledge());
		check();
		assertThat(isUnacknowledged("unknown")).isFalse();
	}

	@Test
	void goesOnWhenThePlatformIsAway() {
		String acknowledged = endWithoutAcknowledgement();
		this.client.acknowledge(acknowledged);
		this.emulator.stop();
		this.checks.check().onErrorComplete().block(Duration.ofSeconds(10));
		assertThat(isUnacknowledged(acknowledged)).isTrue();
		this.emulator.start();
		check();
		check();
		assertThat(isUnacknowledged(acknowledged)).isFalse();
	}

}
