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
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcherGapEvent.Reason;
import cloud.requence.task.TaskWatcherStatus.Contexts;
import cloud.requence.task.TaskWatcherStatus.Gap;
import cloud.requence.task.UpdateType;
import cloud.requence.task.checkpoint.ResumeTime;
import cloud.requence.task.context.ContextAssembler;
import cloud.requence.task.context.ContextRecoverer;
import cloud.requence.task.context.RecoveredContext;
import cloud.requence.task.context.RepeatCheck;
import cloud.requence.task.context.RepeatDetector;
import cloud.requence.task.context.TaskSnapshot;
import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.delivery.PendingUpdate;
import cloud.requence.task.stream.RawUpdate;
import cloud.requence.task.stream.SseFrame;
import cloud.requence.task.stream.SseFrameConsumer;
import cloud.requence.task.stream.SseFrameDecoder;
import cloud.requence.task.stream.UpdateDecoder;
import cloud.requence.task.stream.UpdateDecodingException;
import cloud.requence.task.stream.UpdateDecodingException.Problem;
import cloud.requence.task.support.LogLimit;

/**
 * From bytes to updates that wait for their delivery. One connection at a time owns the
 * pipeline; the bytes of any other are dropped. Its state is kept for the next
 * connection: contexts, the updates seen, the position.
 * <p>
 * Decoding is guarded by this object; counters are written under the lock and read by
 * anyone.
 */
@SuppressWarnings("NonAtomicVolatileUpdate")
final class UpdatePipeline implements SseFrameConsumer {

	private static final Log logger = LogFactory.getLog(UpdatePipeline.class);

	private static final int REMEMBERED_UPDATES = 65_536;

	private static final int REMEMBERED_WITHOUT_POSITIONS = 4 * REMEMBERED_UPDATES;

	/**
	 * Whatever else cannot be decoded is a heartbeat rather than an update.
	 */
	private static final Set<String> UPDATE_TYPES = Arrays.stream(UpdateType.values())
		.map(UpdateType::wireName)
		.collect(Collectors.toUnmodifiableSet());

	private static final int FAILURES_BEFORE_SKIPPING = 3;

	private static final int ALWAYS_AFFORDABLE = 1024 * 1024;

	private static final String UNEXPECTED = "UNEXPECTED";

	private static final String NO_POSITION = "NO_POSITION";

	private final String watcher;

	private final int maxEventSize;

	private final UpdateDecoder updateDecoder;

	private RepeatDetector repeatDetector = newRepeatDetector();

	private final ContextAssembler contextAssembler;

	private final @Nullable ContextRecoverer recoverer;

	private final DeliveryQueue queue;

	private final Clock clock;

	private final LongSupplier nanoTime;

	private final LogLimit regressions;

	private final LogLimit tooLarge;

	private Consumer<Gap> gapListener = (gap) -> {
	};

	private final ResumeTime resumeTime;

	private final List<PendingUpdate> decoded = new ArrayList<>();

	private final Set<String> reported = new HashSet<>();

	private SseFrameDecoder frameDecoder;

	// An error may have hit between remembering updates and handing them on
	private boolean outcomeUnknown;

	// How many connections in a row an error has ended at the same event
	private int decodingFailures;

	private @Nullable Object owner;

	private @Nullable Long nextPosition;

	private @Nullable Instant newestTimestamp;

	// Those of the bytes at hand: what others read is written once for all of them
	private long frames;

	private volatile @Nullable Long position;

	private volatile @Nullable Long advisedDelay;

	private volatile @Nullable Instant lastTimestamp;

	// Zero before the first
	private volatile long lastByte;

	private volatile long lastUpdate;

	private volatile long received;

	private volatile long newUpdates;

	private volatile long repeats;

	private volatile long malformed;

	private volatile long oversized;

	private volatile long regressed;

	UpdatePipeline(String watcher, int maxEventSize, UpdateDecoder updateDecoder, ContextAssembler contextAssembler,
			@Nullable ContextRecoverer recoverer, DeliveryQueue queue, Clock clock, LongSupplier nanoTime) {
		this.watcher = watcher;
		this.maxEventSize = maxEventSize;
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
		this.regressions = new LogLimit(logger, "Task watcher '" + watcher + "': positions that went back", nanoTime);
		this.tooLarge = new LogLimit(logger, "Task watcher '" + watcher + "': updates that are too large", nanoTime);
		this.frameDecoder = new SseFrameDecoder(maxEventSize, this);
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
		this.decoded.clear();
		this.nextPosition = this.position;
		this.newestTimestamp = this.lastTimestamp;
		if (this.outcomeUnknown) {
			this.repeatDetector = newRepeatDetector();
			this.outcomeUnknown = false;
		}
		this.frameDecoder = new SseFrameDecoder(affordableEventSize(), this);
		this.contextAssembler.expire();
		return this.position;
	}

	/**
	 * An event that is allowed and does not fit into the heap must not block the stream:
	 * if decoding fails at the same event again and again, larger ones are skipped
	 * without keeping them, until the stream has moved on.
	 */
	private int affordableEventSize() {
		int halvings = Math.min(this.decodingFailures - FAILURES_BEFORE_SKIPPING + 1, Integer.SIZE - 1);
		if (halvings <= 0) {
			return this.maxEventSize;
		}
		return Math.min(this.maxEventSize, Math.max(ALWAYS_AFFORDABLE, this.maxEventSize >> halvings));
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
		this.lastByte = this.nanoTime.getAsLong();
		try {
			decode(bytes);
		}
		catch (Throwable ex) {
			this.decodingFailures++;
			throw ex;
		}
	}

	private void decode(List<ByteBuffer> bytes) {
		try {
			for (ByteBuffer buffer : bytes) {
				this.frameDecoder.decode(buffer);
			}
		}
		finally {
			this.received += this.frames;
			this.frames = 0;
			flush();
		}
	}

	/**
	 * The position moves only past what has reached the queue.
	 */
	private void flush() {
		if (this.decoded.isEmpty() && Objects.equals(this.nextPosition, this.position)) {
			return;
		}
		movedOn();
		this.outcomeUnknown = true;
		this.queue.add(this.decoded, this.nextPosition);
		this.outcomeUnknown = false;
		this.lastTimestamp = this.newestTimestamp;
		if (!this.decoded.isEmpty()) {
			this.lastUpdate = this.lastByte;
			this.newUpdates += this.decoded.size();
			this.decoded.clear();
		}
		this.position = this.nextPosition;
	}

	private void movedOn() {
		if (this.decodingFailures > 0) {
			this.decodingFailures = 0;
			this.frameDecoder.maxEventSize(this.maxEventSize);
		}
	}

	@Override
	public void onFrame(SseFrame frame) {
		this.frames++;
		try {
			accept(this.updateDecoder.decode(frame));
		}
		catch (UpdateDecodingException ex) {
			if (ex.problem() == Problem.NO_UPDATE) {
				ignore(frame);
			}
			else {
				skip(frame, ex.problem().name(), ex.getMessage());
			}
		}
		catch (RuntimeException | StackOverflowError ex) {
			// The message may quote the update
			skip(frame, UNEXPECTED, ex.getClass().getName());
		}
	}

	private void accept(RawUpdate raw) {
		RepeatCheck result = this.repeatDetector.judge(raw);
		if (result == RepeatCheck.REPEAT) {
			this.repeats++;
			moveForwardTo(raw.position());
			return;
		}
		if (result == RepeatCheck.REGRESSED) {
			this.regressed++;
			this.regressions.warn("Task watcher '" + this.watcher + "': the position went back from "
					+ this.nextPosition + " to " + raw.position() + " with an update that is new; it is delivered",
					null);
		}
		if (raw.position() == null && this.reported.add(NO_POSITION)) {
			logger.warn("Task watcher '" + this.watcher + "': updates have no position (the ids of their events are"
					+ " missing, or no integers). Whenever the watcher connects again, it asks for the updates since "
					+ ResumeTime.OVERLAP.toSeconds() + " s before the newest, and drops those that it knows");
		}
		TaskUpdate update = this.contextAssembler.assemble(raw);
		this.decoded
			.add(new PendingUpdate(update, sizeOf(raw, update), recovery(update), this.contextAssembler.rootOf(raw)));
		// Not before: whatever fails until here is received again
		this.repeatDetector.remember(raw);
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

	private void ignore(SseFrame frame) {
		if (logger.isDebugEnabled()) {
			logger.debug("Task watcher '" + this.watcher + "': ignored an event at position " + frame.position()
					+ " that is not an update of a task");
		}
		moveForwardTo(frame.position());
	}

	private void skip(SseFrame frame, String problem, @Nullable String reason) {
		this.malformed++;
		String message = "Task watcher '" + this.watcher + "': skipped an update at position " + frame.position()
				+ " that cannot be decoded (" + reason + ")";
		if (this.reported.add(problem)) {
			logger.warn(message + "; further ones of this kind are only counted");
		}
		else {
			logger.debug(message);
		}
		if (UPDATE_TYPES.contains(frame.type())) {
			foundGap(Reason.UNDECODABLE_EVENT, frame.position());
		}
		moveForwardTo(frame.position());
	}

	@Override
	public void onOversized(@Nullable Long position, long size) {
		this.frames++;
		this.oversized++;
		String obstacle = (size > this.maxEventSize)
				? "is more than 'max-event-size' allows (" + this.maxEventSize + ")"
				: "does not fit into the heap; give the application more heap, or set a lower 'max-event-size'";
		this.tooLarge.warn("Task watcher '" + this.watcher + "': skipped an update at position " + position + " of "
				+ size + " bytes, which " + obstacle, null);
		foundGap(Reason.EVENT_TOO_LARGE, position);
		moveForwardTo(position);
		movedOn();
	}

	private void foundGap(Reason reason, @Nullable Long reached) {
		this.gapListener
			.accept(new Gap(reason, this.nextPosition, this.newestTimestamp, reached, this.clock.instant()));
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
	 * Log how many lines were left out.
	 */
	void summarizeLogs() {
		this.regressions.summarizeIfAny();
		this.tooLarge.summarizeIfAny();
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

	/**
	 * Return when the last byte came, by the ticker; zero before the first.
	 */
	long lastByte() {
		return this.lastByte;
	}

	/**
	 * Return when the last new update came, by the ticker; zero before the first.
	 */
	long lastUpdate() {
		return this.lastUpdate;
	}

	long received() {
		return this.received;
	}

	/**
	 * Return how many updates were new.
	 */
	long newUpdates() {
		return this.newUpdates;
	}

	long repeats() {
		return this.repeats;
	}

	long malformed() {
		return this.malformed;
	}

	long oversized() {
		return this.oversized;
	}

	/**
	 * Return how many updates came with a position that went back.
	 */
	long regressed() {
		return this.regressed;
	}

	Contexts contexts() {
		return this.contextAssembler.contexts();
	}

}
