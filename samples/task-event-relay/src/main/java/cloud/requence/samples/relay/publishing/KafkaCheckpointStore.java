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

package cloud.requence.samples.relay.publishing;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.Assert;

import cloud.requence.task.CheckpointStore;

/**
 * Keeps the checkpoint in a compacted topic, and writes it in the transaction of the
 * updates that it stands behind.
 * <p>
 * Kafka has no compare-and-set: the {@code transactional.id}, which all instances share,
 * takes its place. A producer that was initialized fences those of other instances and
 * ends their transactions. What is read from the topic after that stays, as long as this
 * producer commits; another producer, whether of this instance or not, reads anew.
 * <p>
 * Used by one thread at a time.
 */
class KafkaCheckpointStore implements CheckpointStore {

	private final CheckpointTopic topic;

	private final String key;

	private final KafkaTemplate<String, byte[]> template;

	// The producer that was there before the topic was read. Compared by identity: one
	// whose transaction could not be ended is replaced
	private @Nullable Producer<?, ?> reader;

	// What the topic holds
	private @Nullable String known;

	/**
	 * Create a store.
	 * @param topic the topic
	 * @param key the key of the checkpoint
	 * @param template writes in transactions of the only producer of this instance
	 */
	KafkaCheckpointStore(CheckpointTopic topic, String key, KafkaTemplate<String, byte[]> template) {
		Assert.isTrue(template.isTransactional(), "The template must be transactional");
		this.topic = topic;
		this.key = key;
		this.template = template;
	}

	@Override
	public @Nullable String load() {
		byte[] found = this.topic.readLast(this.key);
		return (found != null) ? new String(found, StandardCharsets.UTF_8) : null;
	}

	/**
	 * In a transaction of the delivery the text is stored when that is committed.
	 * Otherwise it is committed here.
	 */
	@Override
	public boolean compareAndSet(@Nullable String expected, String checkpoint) {
		if (this.template.inTransaction()) {
			forgetAfterRollback();
			return write(this.template, expected, checkpoint);
		}
		return Boolean.TRUE
			.equals(this.template.executeInTransaction((operations) -> write(operations, expected, checkpoint)));
	}

	private void forgetAfterRollback() {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCompletion(int status) {
				if (status != STATUS_COMMITTED) {
					KafkaCheckpointStore.this.reader = null;
				}
			}

		});
	}

	private boolean write(KafkaOperations<String, byte[]> operations, @Nullable String expected, String checkpoint) {
		return Boolean.TRUE.equals(operations.execute((producer) -> write(producer, operations, expected, checkpoint)));
	}

	private boolean write(Producer<?, ?> producer, KafkaOperations<String, byte[]> operations,
			@Nullable String expected, String checkpoint) {
		if (producer != this.reader || !Objects.equals(expected, this.known)) {
			this.reader = null;
			this.known = load();
			this.reader = producer;
		}
		if (!Objects.equals(expected, this.known)) {
			return false;
		}
		Sending.send(operations,
				new ProducerRecord<>(this.topic.name(), 0, this.key, checkpoint.getBytes(StandardCharsets.UTF_8)));
		this.known = checkpoint;
		return true;
	}

	@Override
	public String toString() {
		return "topic '" + this.topic.name() + "'";
	}

}
