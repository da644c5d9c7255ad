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

package cloud.requence.task.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.listener.AcknowledgingConsumerAwareMessageListener;
import org.springframework.kafka.support.Acknowledgment;
import org.springframework.util.Assert;

import cloud.requence.task.TaskPayloadException;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateJson;
import cloud.requence.task.delivery.DeliveryResult;
import cloud.requence.task.delivery.PendingUpdate;
import cloud.requence.task.support.LogLimit;
import cloud.requence.task.support.LogText;
import cloud.requence.task.watcher.DeliveryParts;

/**
 * Delivers the updates of records. The offset of a record is committed when its update
 * was delivered, filtered or has failed for good, and its acknowledgement was sent. Until
 * then the record is read again, after a delay in which the consumer keeps polling.
 * <p>
 * Called by several threads, each with partitions of its own.
 */
final class UpdateRecordListener implements AcknowledgingConsumerAwareMessageListener<byte[], byte[]> {

	private static final Log logger = LogFactory.getLog(UpdateRecordListener.class);

	private static final Duration ACKNOWLEDGEMENT_PATIENCE = Duration.ofSeconds(1);

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

	// Of one record, until its consumer polls
	private static final long MAX_WAITING = Duration.ofSeconds(10).toNanos();

	private static final long PAUSE = Duration.ofMillis(20).toNanos();

	private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

	private static final int MAX_DOUBLINGS = 5;

	private final DeliveryParts parts;

	private final AssignedPartitions partitions;

	private final @Nullable DeadLetterTopic deadLetters;

	private final BooleanSupplier running;

	private final long pollNanos;

	private final TaskUpdateJson json;

	private final LongAdder received = new LongAdder();

	private final LongAdder unreadable = new LongAdder();

	private final LogLimit unreadableLog;

	private final LogLimit obstacleLog;

	/**
	 * Create a listener.
	 * @param parts deliver the updates
	 * @param partitions the partitions of this instance
	 * @param deadLetters stores records that cannot be read; {@code null} to skip them
	 * @param running whether the delivery may continue
	 * @param pollAfter after which time a consumer has to poll again
	 */
	UpdateRecordListener(DeliveryParts parts, AssignedPartitions partitions, @Nullable DeadLetterTopic deadLetters,
			BooleanSupplier running, Duration pollAfter) {
		this.parts = parts;
		this.partitions = partitions;
		this.deadLetters = deadLetters;
		this.running = running;
		this.pollNanos = pollAfter.toNanos();
		this.json = TaskUpdateJson.withContext().withPayloadReader(parts.payloads());
		this.unreadableLog = limit("records that cannot be read");
		this.obstacleLog = limit("records that could not be handled and are read again");
	}

	private LogLimit limit(String subject) {
		return new LogLimit(logger, LogText.watcher(this.parts.name()) + ": " + subject, System::nanoTime);
	}

	long received() {
		return this.received.sum();
	}

	long unreadable() {
		return this.unreadable.sum();
	}

	@Override
	public void onMessage(ConsumerRecord<byte[], byte[]> record, @Nullable Acknowledgment acknowledgment,
			@Nullable Consumer<?, ?> consumer) {
		Assert.state(acknowledgment != null && consumer != null, "The container must let its listener commit");
		AssignedPartitions.Partition partition = this.partitions.of(record, consumer);
		if (this.partitions.isPollDue(partition, consumer, this.pollNanos)) {
			acknowledgment.nack(Duration.ZERO);
			return;
		}
		RecordAttempt attempt = partition.begin(record);
		long begun = System.nanoTime();
		Duration delay = handle(attempt);
		while (delay != null && waits(delay, begun)) {
			delay = handle(attempt);
		}
		attempt.handledBy(null);
		if (delay != null) {
			acknowledgment.nack(delay);
			return;
		}
		acknowledgment.acknowledge();
		partition.end(record, consumer);
	}

	/**
	 * Wait in this thread if that takes less time than reading the record again.
	 * @return whether the time is over, and the record can be handled again
	 */
	private boolean waits(Duration delay, long begun) {
		if (delay.compareTo(LONGEST_WAIT) > 0 || System.nanoTime() - begun > MAX_WAITING) {
			return false;
		}
		long end = System.nanoTime() + delay.toNanos();
		long left = delay.toNanos();
		while (left > 0 && this.running.getAsBoolean()) {
			LockSupport.parkNanos(Math.min(left, PAUSE));
			left = end - System.nanoTime();
		}
		return this.running.getAsBoolean();
	}

	/**
	 * Handle a record.
	 * @return the time until it is to be handled again; {@code null} if it is done
	 */
	private @Nullable Duration handle(RecordAttempt attempt) {
		try {
			PendingUpdate update = attempt.update();
			if (update == null) {
				update = read(attempt);
			}
			return (update != null) ? deliver(attempt, update) : null;
		}
		// Whatever happens, the record is neither skipped nor does its thread end
		catch (Throwable ex) {
			Duration delay = FIRST_DELAY.multipliedBy(1L << Math.min(attempt.obstructed() - 1, MAX_DOUBLINGS));
			this.obstacleLog.error(LogText.watcher(this.parts.name()) + ": the record " + attempt.position()
					+ " could not be handled, next attempt in " + delay.toSeconds() + " s", ex);
			return delay;
		}
		finally {
			// An interrupt was meant for the update that was handled; the consumer would
			// spin
			Thread.interrupted();
		}
	}

	/**
	 * Read the update of a record.
	 * @return the update; {@code null} if there is none and the record is done
	 */
	private @Nullable PendingUpdate read(RecordAttempt attempt) {
		byte[] value = attempt.record().value();
		if (value == null) {
			// Removes earlier records with its key from a compacted topic
			this.received.increment();
			return null;
		}
		try {
			TaskUpdate update = this.json.read(new String(value, StandardCharsets.UTF_8));
			PendingUpdate pending = new PendingUpdate(update, value.length);
			attempt.update(pending);
			this.received.increment();
			return pending;
		}
		catch (RuntimeException ex) {
			refuse(attempt, ex);
			return null;
		}
	}

	private void refuse(RecordAttempt attempt, RuntimeException failure) {
		String error = failure.getClass().getName()
				// Others might quote the value
				+ ((failure instanceof TaskPayloadException) ? ": " + failure.getMessage() : "");
		if (this.deadLetters != null) {
			this.deadLetters.store(attempt.position(), attempt.record(), error, null);
		}
		this.received.increment();
		this.unreadable.increment();
		this.unreadableLog.error(
				LogText.watcher(this.parts.name()) + ": the record " + attempt.position() + " cannot be read, it is "
						+ ((this.deadLetters != null) ? "stored as a dead letter" : "skipped") + " (" + error + ")",
				null);
	}

	private @Nullable Duration deliver(RecordAttempt attempt, PendingUpdate update) {
		if (!attempt.isDelivered()) {
			DeliveryResult result = this.parts.updates().deliver(update, this::await);
			switch (result.action()) {
				case REMOVE -> attempt.delivered();
				case PARK, PUT_BACK -> {
					return result.delay();
				}
			}
		}
		String taskId = update.acknowledgement();
		return (taskId == null || isAcknowledged(attempt, taskId)) ? null : FIRST_DELAY;
	}

	private boolean await(Duration time) {
		if (!time.isZero()) {
			LockSupport.parkNanos(time.toNanos());
		}
		return this.running.getAsBoolean();
	}

	private boolean isAcknowledged(RecordAttempt attempt, String taskId) {
		CountDownLatch sent = attempt.acknowledgement();
		if (sent == null) {
			sent = new CountDownLatch(1);
			attempt.acknowledgement(sent);
			this.parts.acknowledger().acknowledge(taskId, sent::countDown);
		}
		try {
			return sent.await(ACKNOWLEDGEMENT_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
