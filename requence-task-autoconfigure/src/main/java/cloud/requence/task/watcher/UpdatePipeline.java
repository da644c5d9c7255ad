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

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcherGapEvent.Reason;
import cloud.requence.task.TaskWatcherStatus.Contexts;
import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.checkpoint.ResumeTime;
import cloud.requence.task.context.ContextAssembler;
import cloud.requence.task.context.ContextRecoverer;
import cloud.requence.task.context.RecoveredContext;
import cloud.requence.task.context.RepeatDetector;
import cloud.requence.task.context.RepeatDetector.RepeatCheck;
import cloud.requence.task.context.TaskSnapshot;
import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.delivery.PendingUpdate;
import cloud.requence.task.stream.RawUpdate;
import cloud.requence.task.stream.UpdateConsumer;
import cloud.requence.task.stream.UpdateDecoder;
import cloud.requence.task.stream.UpdateReader;

/**
 * From bytes to updates that wait for their delivery. One connection at a time owns the
 * pipeline; the bytes of any other are dropped. Its state is kept for the next
 * connection: contexts, the updates seen, the position.
 * <p>
 * Decoding is guarded by this object.
 */
final class UpdatePipeline implements UpdateConsumer {

	private static final int REMEMBERED_UPDATES = 65_536;

	private static final int REMEMBERED_WITHOUT_POSITIONS = 4 * REMEMBERED_UPDATES;

	private final EventSizeLimit eventSize;

	private final ReadingReporter reporter;

	private final UpdateDecoder updateDecoder;

	private RepeatDetector repeatDetector = newRepeatDetector();

	private final ContextAssembler contextAssembler;

	private final @Nullable ContextRecoverer recoverer;

	private final DeliveryQueue queue;

	private final Clock clock;

	private final LongSupplier nanoTime;

	private Consumer<Gap> gapListener = (gap) -> {
	};

	private final ResumeTime resumeTime;

	private final List<PendingUpdate> decoded = new ArrayList<>();

	// Found since the last update, one for each reason: they come with the next one
	private final Map<Reason, Gap> gaps = new EnumMap<>(Reason.class);

	private UpdateReader reader;

	// An error may have hit between remembering updates and handing them on
	private boolean outcomeUnknown;

	private @Nullable Object owner;

	private @Nullable Long nextPosition;

	private @Nullable Instant newestTimestamp;

	private volatile @Nullable Long position;

	private volatile @Nullable Long advisedDelay;

	private volatile @Nullable Instant lastTimestamp;

	UpdatePipeline(String watcher, int maxEventSize, UpdateDecoder updateDecoder, ContextAssembler contextAssembler,
			@Nullable ContextRecoverer recoverer, DeliveryQueue queue, Clock clock, LongSupplier nanoTime) {
		this.eventSize = new EventSizeLimit(maxEventSize);
		this.reporter = new ReadingReporter(watcher, maxEventSize, nanoTime);
		this.updateDecoder = updateDecoder;
		this.contextAssembler = contextAssembler;
		this.recoverer = recoverer;
		if (recoverer != null) {
			recoverer.listener(this::complete);
		}
		this.queue = queue;
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.resumeTime = new ResumeTime(clock);
		this.reader = new UpdateReader(updateDecoder, maxEventSize, this);
	}

	/**
	 * Set what is called when updates may be missing, under the lock of the pipeline.
	 */
	synchronized void gapListener(Consumer<Gap> listener) {
		this.gapListener = listener;
	}

	private static RepeatDetector newRepeatDetector() {
		return new RepeatDetector(REMEMBERED_UPDATES, REMEMBERED_WITHOUT_POSITIONS);
	}

	/**
	 * Give the pipeline to another connection.
	 * @param owner the connection
	 * @return the position from which to resume
	 */
	synchronized @Nullable Long begin(Object owner) {
		this.owner = owner;
		discardDecoded();
		this.nextPosition = this.position;
		this.newestTimestamp = this.lastTimestamp;
		if (this.outcomeUnknown) {
			this.repeatDetector = newRepeatDetector();
			this.outcomeUnknown = false;
		}
		this.reader = new UpdateReader(this.updateDecoder, this.eventSize.affordable(), this);
		this.contextAssembler.expire();
		return this.position;
	}

	/**
	 * Return the time from which updates are wanted again if there is no position.
	 * @param begin the time from which they were wanted at first
	 */
	synchronized Instant since(Instant begin) {
		return this.resumeTime.notBefore(begin);
	}

	/**
	 * Forget the position, which the platform refuses.
	 */
	synchronized void forgetPosition() {
		foundGap(Reason.REFUSED_POSITION, null);
		this.position = null;
		this.nextPosition = null;
		this.repeatDetector.forgetPosition();
	}

	/**
	 * Discard what was received, and continue at a position.
	 * @param position the position; {@code null} if there is none
	 */
	synchronized void restart(@Nullable Long position) {
		this.owner = null;
		this.decoded.clear();
		this.gaps.clear();
		this.repeatDetector = newRepeatDetector();
		this.outcomeUnknown = false;
		this.contextAssembler.clear();
		if (this.recoverer != null) {
			this.recoverer.clear();
		}
		this.position = position;
		this.nextPosition = position;
		this.lastTimestamp = null;
		this.newestTimestamp = null;
		this.resumeTime.forget();
	}

	/**
	 * Decode bytes and let their updates wait for the delivery.
	 * @param owner the connection that the bytes come from
	 * @param bytes the bytes
	 */
	synchronized void accept(Object owner, List<ByteBuffer> bytes) {
		if (this.owner != owner) {
			return;
		}
		this.reporter.bytes(this.nanoTime.getAsLong());
		try {
			decode(bytes);
		}
		catch (Throwable ex) {
			this.eventSize.failed();
			throw ex;
		}
	}

	private void decode(List<ByteBuffer> bytes) {
		long events = this.reader.events();
		try {
			this.reader.read(bytes);
		}
		finally {
			this.reporter.received(this.reader.events() - events);
			flush();
		}
	}

	/**
	 * What was decoded and not handed on comes again, but not the gaps in front of it.
	 */
	private void discardDecoded() {
		for (PendingUpdate update : this.decoded) {
			update.update().header().gaps().forEach(this::keep);
		}
		this.decoded.clear();
	}

	/**
	 * The position moves only past what has reached the queue, and that of the delivery
	 * only past gaps that an update has brought: after a restart they are found again.
	 */
	private void flush() {
		if (this.decoded.isEmpty() && Objects.equals(this.nextPosition, this.position)) {
			return;
		}
		movedOn();
		this.outcomeUnknown = true;
		this.queue.add(this.decoded, this.gaps.isEmpty() ? this.nextPosition : null);
		this.outcomeUnknown = false;
		this.lastTimestamp = this.newestTimestamp;
		if (!this.decoded.isEmpty()) {
			this.reporter.handedOver(this.decoded.size());
			this.decoded.clear();
		}
		this.position = this.nextPosition;
	}

	private void movedOn() {
		if (this.eventSize.movedOn()) {
			this.reader.maxEventSize(this.eventSize.max());
		}
	}

	@Override
	public void onUpdate(RawUpdate raw) {
		RepeatCheck result = this.repeatDetector.judge(raw);
		if (result == RepeatCheck.REPEAT) {
			this.reporter.repeat();
			moveForwardTo(raw.position());
			return;
		}
		if (result == RepeatCheck.REGRESSED) {
			this.reporter.regressed(this.nextPosition, raw.position());
		}
		if (raw.position() == null) {
			this.reporter.withoutPosition();
		}
		TaskUpdate update = this.contextAssembler.assemble(raw, gapsBefore(raw));
		this.decoded
			.add(new PendingUpdate(update, sizeOf(raw, update), recovery(update), this.contextAssembler.rootOf(raw)));
		// Not before: whatever fails until here is received again
		this.repeatDetector.remember(raw);
		this.gaps.clear();
		this.newestTimestamp = raw.timestamp();
		this.resumeTime.seen(raw.timestamp());
		if (raw.position() != null) {
			this.nextPosition = raw.position();
		}
	}

	private synchronized void complete(String taskId, TaskSnapshot snapshot) {
		this.contextAssembler.complete(taskId, snapshot);
	}

	private @Nullable RecoveredContext recovery(TaskUpdate update) {
		return (this.recoverer != null && update.incomplete()) ? this.recoverer.recover(update.taskId()) : null;
	}

	@Override
	public void onIgnored(@Nullable Long position) {
		this.reporter.ignored(position);
		moveForwardTo(position);
	}

	@Override
	public void onUndecodable(@Nullable Long position, boolean update, String problem, String reason) {
		this.reporter.undecodable(position, problem, reason);
		if (update) {
			foundGap(Reason.UNDECODABLE_EVENT, position);
		}
		moveForwardTo(position);
	}

	@Override
	public void onOversized(@Nullable Long position, long size) {
		this.reporter.oversized(position, size);
		foundGap(Reason.EVENT_TOO_LARGE, position);
		moveForwardTo(position);
		movedOn();
	}

	private void foundGap(Reason reason, @Nullable Long reached) {
		Gap gap = new Gap(reason, this.nextPosition, this.newestTimestamp, reached, this.clock.instant());
		this.gapListener.accept(gap);
		keep(gap);
	}

	private void keep(Gap gap) {
		this.gaps.merge(gap.reason(), gap, Gap::through);
	}

	/**
	 * Return the gaps in front of an update, which ends those whose end was not known.
	 */
	private List<Gap> gapsBefore(RawUpdate raw) {
		if (this.gaps.isEmpty()) {
			return List.of();
		}
		return this.gaps.values()
			.stream()
			.map((gap) -> (gap.toPosition() != null) ? gap
					: new Gap(gap.reason(), gap.fromPosition(), gap.fromTime(), raw.position(), gap.toTime()))
			.toList();
	}

	@Override
	public void onRetry(long millis) {
		this.advisedDelay = millis;
	}

	private void moveForwardTo(@Nullable Long reached) {
		Long current = this.nextPosition;
		if (reached != null && (current == null || reached > current)) {
			this.nextPosition = reached;
		}
	}

	/**
	 * The contexts of open tasks are accounted for where they are kept. That of a task
	 * which has ended is held by its last update alone.
	 */
	private static int sizeOf(RawUpdate raw, TaskUpdate update) {
		if (!raw.type().isTerminal()) {
			return raw.size();
		}
		long size = raw.size();
		TaskPayload input = update.context().input();
		size += (input != null) ? input.size() : 0;
		for (TaskPayload data : update.context().nodeData().values()) {
			size += data.size();
		}
		return (int) Math.min(size, Integer.MAX_VALUE);
	}

	/**
	 * Return what was read.
	 */
	ReadingReporter reporter() {
		return this.reporter;
	}

	@Nullable Long position() {
		return this.position;
	}

	@Nullable Long advisedDelay() {
		return this.advisedDelay;
	}

	@Nullable Instant lastTimestamp() {
		return this.lastTimestamp;
	}

	Contexts contexts() {
		return this.contextAssembler.contexts();
	}

}
