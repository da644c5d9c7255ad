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

package cloud.requence.task.checkpoint;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import cloud.requence.task.Node;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcherStatus;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;
import cloud.requence.task.checkpoint.UnsavedProgress.Batch;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CheckpointProgress}.
 */
class CheckpointProgressTests {

	private static final int EVERY = 10;

	private final CheckpointProgress progress = new CheckpointProgress(EVERY, 0, Clock.systemUTC());

	private Checkpoint stored = Checkpoint.first(URI.create("http://localhost"), Instant.EPOCH, "writer");

	CheckpointProgressTests() {
		this.progress.continueFrom(this.stored);
	}

	private void save() {
		Batch batch = next();
		assertThat(batch).isNotNull();
		this.stored = this.stored.next(batch.position(), batch.newest(), batch.acknowledgements(),
				this.stored.revision() + 1);
		this.progress.saved(batch, this.stored, List.of());
	}

	private @Nullable Batch next() {
		return this.progress.nextAfter(this.stored);
	}

	@Test
	void hasNothingToSaveAtFirst() {
		assertThat(next()).isNull();
		assertThat(this.progress.room()).isEqualTo(2 * EVERY);
	}

	@Test
	void leavesRoomForTwiceAsManyUpdatesAsAreSavedAtATime() {
		assertThat(this.progress.add(9L, EVERY - 1, null)).isFalse();
		assertThat(this.progress.add(10L, 1, null)).isTrue();
		assertThat(this.progress.room()).isEqualTo(EVERY);
		this.progress.add(20L, EVERY, null);
		assertThat(this.progress.room()).isZero();
		save();
		assertThat(this.progress.room()).isEqualTo(2 * EVERY);
		assertThat(this.progress.isMuch()).isFalse();
	}

	@Test
	void isSavedWithItsAcknowledgements() {
		this.progress.add(1L, 1, "task");
		save();
		assertThat(this.stored.position()).isEqualTo(1L);
		assertThat(this.stored.acknowledgements()).containsExactly("task");
		assertThat(this.progress.due()).containsExactly("task");
		assertThat(next()).isNull();
		this.progress.acknowledged("task");
		save();
		assertThat(this.stored.acknowledgements()).isEmpty();
	}

	@Test
	void countsWhatIsNotSaved() {
		this.progress.add(3L, 3, null);
		TaskWatcherStatus.Checkpoint status = this.progress.status("error");
		assertThat(status.unsaved()).isEqualTo(3);
		assertThat(status.position()).isNull();
		assertThat(status.lastError()).isEqualTo("error");
		save();
		status = this.progress.status(null);
		assertThat(status.unsaved()).isZero();
		assertThat(status.position()).isEqualTo(3L);
		assertThat(status.savedAt()).isNotNull();
	}

	@Test
	void keepsUpdatesThatWereAddedDuringASave() {
		this.progress.add(1L, 1, null);
		Batch saving = next();
		assertThat(saving).isNotNull();
		this.progress.add(2L, 1, null);
		this.stored = this.stored.next(saving.position(), null, List.of(), 2);
		this.progress.saved(saving, this.stored, List.of());
		assertThat(this.progress.status(null).unsaved()).isOne();
		save();
		assertThat(this.stored.position()).isEqualTo(2L);
	}

	@Test
	void forgetsWhatAnotherInstanceHasContinued() {
		this.progress.add(1L, 1, "task");
		this.progress.continueFrom(this.stored);
		assertThat(next()).isNull();
		assertThat(this.progress.due()).isEmpty();
	}

	@Test
	void writesNothingThatATransactionHasWrittenAndKeepsTheTimeForTheNextOne() {
		CheckpointProgress transactional = new CheckpointProgress(EVERY, 4, Clock.systemUTC());
		transactional.continueFrom(this.stored);
		Instant seen = Instant.EPOCH.plusSeconds(80);
		Batch batch = transactional.next().with(1L, null).with(2L, null);
		this.stored = this.stored.next(batch.position(), batch.newest(), List.of(), this.stored.revision() + 1);
		transactional.saved(batch, this.stored, List.of(update(1), update(2)));
		transactional.reached(seen);
		for (long position : new long[] { 1, 2 }) {
			transactional.add(position, 1, null);
			assertThat(transactional.nextAfter(this.stored)).isNull();
		}
		assertThat(transactional.next().with(3L, null)).satisfies((next) -> {
			assertThat(next.position()).isEqualTo(3L);
			assertThat(next.newest()).isEqualTo(seen);
		});
	}

	@Test
	void savesTheTimeIfItHasMovedFar() {
		commit(1);
		this.progress.reached(Instant.EPOCH.plusSeconds(200));
		this.progress.add(1L, 1, null);
		save();
		assertThat(this.stored.since()).isAfter(Instant.EPOCH.plusSeconds(100));
		assertThat(next()).isNull();
	}

	@Test
	void waitsInTransactionsForAcknowledgements() {
		CheckpointProgress transactional = new CheckpointProgress(EVERY, 4, Clock.systemUTC());
		transactional.continueFrom(this.stored);
		assertThat(transactional.room()).isEqualTo(4);
		for (int i = 0; i < 40; i++) {
			String taskId = "task-" + i;
			transactional.add((long) i, 1, taskId);
			Batch batch = transactional.next();
			transactional.saved(batch, this.stored, List.of());
		}
		assertThat(transactional.room()).isZero();
		assertThat(transactional.isMuch()).isFalse();
		assertThat(transactional.awaitedAcknowledgements()).isEqualTo(40);
		assertThat(transactional.hasMadeRoom()).isFalse();
		boolean madeRoom = false;
		for (int i = 0; i < 40 && !madeRoom; i++) {
			transactional.acknowledged("task-" + i);
			madeRoom = transactional.hasMadeRoom();
		}
		assertThat(madeRoom).isTrue();
		assertThat(transactional.awaitedAcknowledgements()).isZero();
		assertThat(transactional.hasMadeRoom()).isFalse();
		assertThat(transactional.room()).isEqualTo(4);
	}

	@Test
	void doesNotGoBackBehindATransactionWhoseUpdatesAreReportedOneByOne() {
		commit(11, 12, 5);
		this.progress.add(11L, 1, null);
		assertThat(next()).isNull();
		// Not part of the transaction, as it was filtered
		this.progress.add(4L, 1, null);
		assertThat(next()).isNull();
		this.progress.add(12L, 1, null);
		this.progress.add(5L, 1, null);
		assertThat(next()).isNull();
		this.progress.add(6L, 1, null);
		save();
		assertThat(this.stored.position()).isEqualTo(6);
		// The platform has gone back
		this.progress.add(3L, 1, null);
		save();
		assertThat(this.stored.position()).isEqualTo(3);
	}

	@Test
	void movesPastATransactionWhoseUpdatesAreReportedWithOthers() {
		commit(1, 3);
		this.progress.add(4L, 3, null);
		save();
		assertThat(this.stored.position()).isEqualTo(4);
		this.progress.add(2L, 1, null);
		save();
		assertThat(this.stored.position()).isEqualTo(2);
	}

	private void commit(long... positions) {
		List<TaskUpdate> updates = LongStream.of(positions).mapToObj(CheckpointProgressTests::update).toList();
		Batch batch = this.progress.next();
		for (TaskUpdate update : updates) {
			batch = batch.with(update.position(), null);
		}
		this.stored = this.stored.next(batch.position(), null, List.of(), this.stored.revision() + 1);
		this.progress.saved(batch, this.stored, updates);
	}

	private static TaskUpdate update(long position) {
		return new NodeEnd(
				new UpdateHeader(UpdateType.NODE_END, "t", null, null, null, null, position, false, Map.of()),
				TaskContext.of("t"), new Node("n", null, null));
	}

}
