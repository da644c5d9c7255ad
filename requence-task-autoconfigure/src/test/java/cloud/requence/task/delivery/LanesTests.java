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

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import cloud.requence.task.test.TestTask;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Lanes}.
 */
class LanesTests {

	private static final int SIZE = 10;

	private final DeliveryLimits limits = DeliveryLimits.of(8, 1000, 4);

	private final Lanes lanes = new Lanes(this.limits, (lane) -> {
	});

	private @Nullable PendingUpdate take(long now) {
		return TestDelivery.take(this.lanes, now);
	}

	private static PendingUpdate update(String taskId, @Nullable String rootTaskId) {
		return new PendingUpdate(TestTask.of(taskId).nodeStart("a"), SIZE, null, rootTaskId);
	}

	private static List<PendingUpdate> add(Lanes lanes, int count, String taskId, @Nullable String rootTaskId) {
		List<PendingUpdate> added = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			PendingUpdate update = update(taskId, rootTaskId);
			lanes.add(update, 0);
			added.add(update);
		}
		return added;
	}

	private PendingUpdate add(String taskId, @Nullable String rootTaskId) {
		return add(this.lanes, 1, taskId, rootTaskId).get(0);
	}

	@Test
	void differentRootTasksAreIndependent() {
		PendingUpdate one = add("one", "one");
		PendingUpdate other = add("other", "other");
		assertThat(take(0)).isSameAs(one);
		assertThat(take(0)).isSameAs(other);
	}

	@Test
	void aSubTaskWaitsForItsRootTask() {
		PendingUpdate root = add("root", "root");
		PendingUpdate sub = add("sub", "root");
		assertThat(take(0)).isSameAs(root);
		assertThat(take(0)).isNull();
		this.lanes.remove(root, 0);
		assertThat(take(0)).isSameAs(sub);
	}

	@Test
	void tasksWhoseRootTaskIsNotKnownWaitForEachOther() {
		PendingUpdate one = add("one", null);
		PendingUpdate other = add("other", null);
		PendingUpdate known = add("known", "known");
		assertThat(take(0)).isSameAs(one);
		assertThat(take(0)).isSameAs(known);
		assertThat(take(0)).isNull();
		this.lanes.remove(one, 0);
		assertThat(take(0)).isSameAs(other);
	}

	@Test
	void updatesOfATaskStayInOrderWhenItsRootTaskBecomesKnown() {
		PendingUpdate before = add("task", null);
		PendingUpdate after = add("task", "root");
		assertThat(take(0)).isSameAs(before);
		assertThat(take(0)).isNull();
		this.lanes.remove(before, 0);
		assertThat(take(0)).isSameAs(after);
	}

	@Test
	void aParkedLaneIsTakenWhenItsTimeHasCome() {
		PendingUpdate update = add("task", "task");
		take(0);
		this.lanes.park(update, 100);
		assertThat(take(99)).isNull();
		assertThat(this.lanes.untilNext(40)).isEqualTo(60);
		assertThat(take(100)).isSameAs(update);
	}

	@Test
	void aTaskThatIsRetriedQueuesBehindTheOthers() {
		PendingUpdate failing = add("failing", "failing");
		take(0);
		this.lanes.park(failing, 1);
		List<PendingUpdate> others = add(this.lanes, 1, "other", "other");
		PendingUpdate third = add("third", "third");
		assertThat(take(0)).isSameAs(others.get(0));
		assertThat(take(1)).isSameAs(third);
		assertThat(take(1)).isSameAs(failing);
	}

	@Test
	void whatWaitsBehindARetryLeavesTheRoomToTheOthers() {
		PendingUpdate first = add(this.lanes, 20, "failing", "failing").get(0);
		take(0);
		this.lanes.park(first, Long.MAX_VALUE / 4);
		assertThat(this.lanes.held()).isEqualTo(20);
		add(this.lanes, 1, "failing", "failing");
		assertThat(this.lanes.held()).isEqualTo(21);
		assertThat(this.lanes.room()).isEqualTo(DeliveryLimits.Room.AMPLE);
	}

	@Test
	void aTaskThatIsRetriedAgainStaysHeldUntilItSucceeds() {
		PendingUpdate first = add(this.lanes, 20, "failing", "failing").get(0);
		take(0);
		this.lanes.park(first, 5);
		assertThat(take(5)).isSameAs(first);
		assertThat(this.lanes.held()).isEqualTo(20);
		this.lanes.remove(first, 0);
		assertThat(this.lanes.held()).isZero();
	}

	@Test
	void lanesWhoseListenersHangLeaveRoomForTheLastThread() {
		for (int i = 0; i < 3; i++) {
			add(this.lanes, 20, "hanging " + i, "hanging " + i);
			assertThat(take(0)).isNotNull();
		}
		assertThat(this.lanes.room()).isNotIn(DeliveryLimits.Room.NONE, DeliveryLimits.Room.NONE_AT_ALL);
	}

	@Test
	void whatIsHeldIsBoundedByNumber() {
		PendingUpdate first = add(this.lanes, 1, "failing", "failing").get(0);
		take(0);
		this.lanes.park(first, Long.MAX_VALUE / 4);
		add(this.lanes, 16 * 8 - 1, "failing", "failing");
		assertThat(this.lanes.room()).isEqualTo(DeliveryLimits.Room.NONE_AT_ALL);
	}

	@Test
	void whatIsHeldIsBoundedBySize() {
		PendingUpdate first = add("failing", "failing");
		take(0);
		this.lanes.park(first, Long.MAX_VALUE / 4);
		this.lanes.add(new PendingUpdate(TestTask.of("failing").nodeStart("a"), 2000, null, "failing"), 0);
		assertThat(this.lanes.room()).isEqualTo(DeliveryLimits.Room.NONE_AT_ALL);
	}

	@Test
	void nothingIsLeftOfWhatIsDone() {
		for (int i = 0; i < 5; i++) {
			PendingUpdate update = add("task " + i, (i % 2 == 0) ? null : "root");
			take(0);
			this.lanes.remove(update, 0);
		}
		assertThat(this.lanes.updates()).isZero();
		assertThat(this.lanes.bytes()).isZero();
		assertThat(this.lanes.room()).isEqualTo(DeliveryLimits.Room.AMPLE);
		assertThat(this.lanes).hasFieldOrPropertyWithValue("counted", 0)
			.hasFieldOrPropertyWithValue("countedBytes", 0L);
		assertThat(this.lanes).extracting("tasks", "lanes").allMatch((map) -> map.toString().equals("{}"));
	}

	@Test
	void whatWasTakenBeforeARestartIsNoLongerKnown() {
		PendingUpdate update = add("task", "task");
		take(0);
		assertThat(this.lanes.hasTaken(update)).isTrue();
		this.lanes.clear();
		add("task", "task");
		assertThat(this.lanes.hasTaken(update)).isFalse();
	}

}
