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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.CheckpointException;
import cloud.requence.task.CheckpointStore;
import cloud.requence.task.CheckpointUnavailableException;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.checkpoint.UnsavedProgress.Batch;
import cloud.requence.task.support.LogText;
import cloud.requence.task.support.ShortBackOff;

/**
 * The checkpoint in its store, and what is known of it: who has written it, and which
 * writes of this instance may still arrive. A text of this instance's own writer is
 * adopted, whether it is an earlier one that a store has gone back to, or one whose
 * answer was lost.
 * <p>
 * Guarded by the checkpointer's lock, but for {@link #delay()}.
 */
final class StoredCheckpoint {

	private static final Log logger = LogFactory.getLog(StoredCheckpoint.class);

	private static final int MAX_PENDING = 128;

	private static final Duration LEASE = Duration.ofSeconds(60);

	private static final Duration LONG_CALL = Duration.ofSeconds(10);

	private final String watcher;

	private final CheckpointStore store;

	private final LongSupplier nanoTime;

	private final Consumer<Write> onStored;

	private final CheckpointFormat format = new CheckpointFormat();

	// Writes without an answer, oldest first. Never grows: a deque that cannot, for lack
	// of memory, loses what it contains
	private final ArrayDeque<Write> pending = new ArrayDeque<>(MAX_PENDING);

	private @Nullable String text;

	private @Nullable Checkpoint checkpoint;

	private long revision;

	private long writtenAt;

	// The store may hold something else
	private boolean questionable;

	// The store holds less than this instance knows
	private boolean outdated;

	private @Nullable Observation observation;

	// Read by any thread
	private volatile @Nullable Long callSince;

	/**
	 * Create a stored checkpoint.
	 * @param watcher the name of the watcher, for messages
	 * @param store the store
	 * @param nanoTime the monotonic clock
	 * @param onStored called with each write that is stored, and again if it has thrown
	 */
	StoredCheckpoint(String watcher, CheckpointStore store, LongSupplier nanoTime, Consumer<Write> onStored) {
		this.watcher = watcher;
		this.store = store;
		this.nanoTime = nanoTime;
		this.onStored = onStored;
	}

	/**
	 * Read the checkpoint, and claim it unless this instance has written it last.
	 * @return whether this instance has written it last
	 */
	boolean open(URI baseUrl, Supplier<Instant> since) {
		this.observation = null;
		String found = load();
		if (this.checkpoint == null || !isContinuedBy(found, baseUrl)) {
			claim(found, baseUrl, since);
			return false;
		}
		check(current(), baseUrl);
		if (!Objects.equals(found, this.text)) {
			adopt(found);
		}
		return true;
	}

	/**
	 * A store that has lost everything holds nothing of another instance, so that what
	 * this one knows is still the best place to resume from.
	 */
	private boolean isContinuedBy(@Nullable String found, URI baseUrl) {
		return (found != null) ? found.equals(this.text) || isOwn(found) : current().baseUrl().equals(baseUrl);
	}

	/**
	 * Fail if the checkpoint cannot be used.
	 */
	void check(URI baseUrl) {
		String found = load();
		if (found != null) {
			check(this.format.read(found, this.store.toString()), baseUrl);
		}
	}

	private void check(Checkpoint checkpoint, URI baseUrl) {
		if (!checkpoint.baseUrl().equals(baseUrl)) {
			throw new CheckpointException(
					"The checkpoint in " + this.store + " belongs to " + checkpoint.baseUrl() + ", but the watcher '"
							+ this.watcher + "' watches " + baseUrl,
					"Use another checkpoint for each platform: set 'requence.task.checkpoint.key' or"
							+ " 'requence.task.checkpoint.file', or remove the one that is there.",
					null);
		}
	}

	/**
	 * Several instances may claim at once, and a database may refuse one of them for
	 * that: a few attempts decide.
	 */
	private void claim(@Nullable String first, URI baseUrl, Supplier<Instant> since) {
		String writer = UUID.randomUUID().toString().substring(0, 18);
		ShortBackOff backOff = new ShortBackOff(12, Duration.ofMillis(2), Duration.ofMillis(200));
		CheckpointException failure;
		String found = first;
		do {
			Checkpoint before = (found != null) ? this.format.read(found, this.store.toString()) : null;
			if (before != null) {
				check(before, baseUrl);
				if (before.writer().equals(writer)) {
					claimed(before, found);
					return;
				}
			}
			Checkpoint next = (before != null) ? before.claimedBy(writer)
					: Checkpoint.first(baseUrl, since.get(), writer);
			failure = tryToClaim(found, next);
			if (failure == null) {
				return;
			}
			found = load();
		}
		while (backOff.pause());
		throw failure;
	}

	private @Nullable CheckpointException tryToClaim(@Nullable String found, Checkpoint next) {
		try {
			String claim = this.format.write(next);
			if (compareAndSet(found, claim)) {
				claimed(next, claim);
				return null;
			}
			return new CheckpointUnavailableException("The checkpoint in " + this.store + " is being written by others",
					"Let one instance watch at a time: set 'requence.task.leader-election.enabled' to 'true'.", null);
		}
		catch (CheckpointException ex) {
			return ex;
		}
		catch (RuntimeException ex) {
			return unavailable("written", ex);
		}
	}

	private void claimed(Checkpoint claimed, @Nullable String text) {
		this.text = text;
		this.checkpoint = claimed;
		this.revision = claimed.revision();
		this.pending.clear();
		this.questionable = false;
		this.outdated = false;
		this.writtenAt = this.nanoTime.getAsLong();
	}

	/**
	 * Return what this instance has written last, or knows better.
	 */
	Checkpoint current() {
		return Objects.requireNonNull(this.checkpoint);
	}

	long revision() {
		return this.revision;
	}

	/**
	 * Return whether the store holds less than is known.
	 */
	boolean isOutdated() {
		return this.outdated;
	}

	boolean isOlderThan(Duration age) {
		return this.nanoTime.getAsLong() - this.writtenAt >= age.toNanos();
	}

	/**
	 * Write a checkpoint, which counts once it is {@link #confirm() confirmed}.
	 * @param batch what it adds
	 * @param updates the updates whose transaction it is written in
	 * @return {@code false} if something else is stored than was written last, which is
	 * to be {@link #reconcile() reconciled}
	 */
	boolean write(Batch batch, List<TaskUpdate> updates) {
		Checkpoint next = current().next(batch.position(), batch.newest(), batch.acknowledgements(), ++this.revision);
		Write write = new Write(next, this.format.write(next), batch, updates);
		if (this.pending.size() == MAX_PENDING) {
			this.pending.removeFirst();
		}
		// First: it may arrive whatever the store answers
		this.pending.add(write);
		boolean replaced = compareAndSet(this.text, write.text());
		this.questionable |= !replaced;
		return replaced;
	}

	/**
	 * The last write is durable, and those before it cannot arrive any more.
	 */
	void confirm() {
		accept(this.pending.getLast());
	}

	private void accept(Write write) {
		this.onStored.accept(write);
		this.text = write.text();
		this.checkpoint = write.checkpoint();
		this.pending.clear();
		this.questionable = false;
		this.outdated = false;
		this.writtenAt = this.nanoTime.getAsLong();
	}

	/**
	 * What was written after a revision was not committed, and will not be.
	 */
	void withdrawAfter(long revision) {
		this.pending.removeIf((write) -> write.checkpoint().revision() > revision);
	}

	/**
	 * Find out what the store holds, if that is not certain.
	 */
	Standing reconcile() {
		if (this.pending.isEmpty() && !this.questionable) {
			return Standing.CURRENT;
		}
		String found = load();
		if (Objects.equals(found, this.text)) {
			this.questionable = false;
			return Standing.CURRENT;
		}
		if (found != null && !isOwn(found)) {
			return Standing.FOREIGN;
		}
		adopt(found);
		return Standing.CHANGED;
	}

	/**
	 * What cannot be read, a text of a newer version for one, is another's.
	 */
	private boolean isOwn(String found) {
		try {
			return this.format.read(found, this.store.toString()).writer().equals(current().writer());
		}
		catch (CheckpointException ex) {
			logger.debug("Not written by this instance", ex);
			return false;
		}
	}

	private void adopt(@Nullable String found) {
		for (Write write : this.pending) {
			if (write.text().equals(found)) {
				accept(write);
				return;
			}
		}
		logger.warn(LogText.watcher(this.watcher) + ": " + this.store
				+ " has lost the last checkpoint, which is written again");
		this.text = found;
		this.questionable = false;
		this.outdated = true;
	}

	/**
	 * Return whether the checkpoint of another instance has not changed for a minute.
	 */
	boolean isAbandoned() {
		try {
			String found = load();
			long now = this.nanoTime.getAsLong();
			Observation before = this.observation;
			if (before == null || !Objects.equals(before.text(), found)) {
				this.observation = new Observation(found, now);
				return false;
			}
			return now - before.since() >= LEASE.toNanos();
		}
		catch (Throwable ex) {
			logger.debug(LogText.watcher(this.watcher) + ": the checkpoint in " + this.store + " cannot be read", ex);
			this.observation = null;
			return false;
		}
	}

	/**
	 * Return how long the store has not answered a call.
	 * @return the time; {@code null} unless it is a long one
	 */
	@Nullable Duration delay() {
		Long since = this.callSince;
		Duration delay = (since != null) ? Duration.ofNanos(this.nanoTime.getAsLong() - since) : Duration.ZERO;
		return (delay.compareTo(LONG_CALL) >= 0) ? delay : null;
	}

	private @Nullable String load() {
		this.callSince = this.nanoTime.getAsLong();
		try {
			return this.store.load();
		}
		catch (CheckpointException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw unavailable("read", ex);
		}
		finally {
			this.callSince = null;
		}
	}

	private boolean compareAndSet(@Nullable String expected, String next) {
		this.callSince = this.nanoTime.getAsLong();
		try {
			return this.store.compareAndSet(expected, next);
		}
		finally {
			this.callSince = null;
		}
	}

	private CheckpointException unavailable(String verb, RuntimeException cause) {
		return new CheckpointUnavailableException("The checkpoint in " + this.store + " cannot be " + verb + " ("
				+ cause.getClass().getSimpleName() + ")",
				"Check that the store can be reached and that the application may use it.", cause);
	}

	/**
	 * How what is stored relates to what this instance has written last.
	 */
	enum Standing {

		/** It is stored. */
		CURRENT,

		/** Something else of this instance is stored, and was adopted. */
		CHANGED,

		/** Another instance has written. */
		FOREIGN

	}

	/**
	 * A write whose outcome may not be known yet.
	 *
	 * @param checkpoint what was written
	 * @param text its text, which no other write has
	 * @param batch what it adds
	 * @param updates the updates whose transaction it belongs to
	 */
	record Write(Checkpoint checkpoint, String text, Batch batch, List<TaskUpdate> updates) {

	}

	/**
	 * What the store holds while another instance writes it.
	 */
	private record Observation(@Nullable String text, long since) {

	}

}
