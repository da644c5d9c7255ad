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

import java.time.Instant;
import java.util.concurrent.CountDownLatch;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.delivery.PendingUpdate;

/**
 * A record on its way through the delivery, however often it is read until it is done.
 * Belongs to the thread that reads the partition, apart from the time and the thread,
 * which any thread may read.
 */
final class RecordAttempt {

	private final ConsumerRecord<byte[], byte[]> record;

	private final Instant since = Instant.now();

	private volatile @Nullable Thread thread;

	private volatile @Nullable PendingUpdate update;

	private boolean delivered;

	private @Nullable CountDownLatch acknowledgement;

	private int obstacles;

	RecordAttempt(ConsumerRecord<byte[], byte[]> record) {
		this.record = record;
	}

	ConsumerRecord<byte[], byte[]> record() {
		return this.record;
	}

	/**
	 * Return since when the record is handled.
	 */
	Instant since() {
		return this.since;
	}

	void handledBy(@Nullable Thread handling) {
		this.thread = handling;
	}

	@Nullable Thread thread() {
		return this.thread;
	}

	/**
	 * Return the update.
	 * @return the update, {@code null} if it was not read yet
	 */
	@Nullable PendingUpdate update() {
		return this.update;
	}

	void update(PendingUpdate update) {
		this.update = update;
	}

	boolean isDelivered() {
		return this.delivered;
	}

	void delivered() {
		this.delivered = true;
	}

	/**
	 * Return the acknowledgement that was requested.
	 * @return opens when it is sent; {@code null} if none was requested
	 */
	@Nullable CountDownLatch acknowledgement() {
		return this.acknowledgement;
	}

	void acknowledgement(CountDownLatch requested) {
		this.acknowledgement = requested;
	}

	/**
	 * Count something that prevents the record from being done, and is not its fault.
	 * @return how often that has happened
	 */
	int obstructed() {
		return ++this.obstacles;
	}

	String position() {
		return this.record.topic() + "-" + this.record.partition() + "@" + this.record.offset();
	}

}
