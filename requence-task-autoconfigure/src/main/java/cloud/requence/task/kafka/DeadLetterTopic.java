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
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaOperations;

/**
 * Stores records that could not be handled. The key of a dead letter is the place of its
 * record, so that a replay can remove it from a compacted topic. The headers are those of
 * the record, and the failure.
 */
final class DeadLetterTopic {

	/** The key of the record. */
	static final String ORIGINAL_KEY = "original-key";

	/** The class of the failure. */
	static final String ERROR_CLASS = "error-class";

	/** The classes and messages of the failure and its causes. */
	static final String ERROR = "error";

	/** The listener methods or the handler that have failed. */
	static final String LISTENER = "listener";

	/** Present if the value is empty, as the record is too large for a dead letter. */
	static final String VALUE_OMITTED = "value-omitted";

	private static final int TIMEOUT_SECONDS = 60;

	private final KafkaOperations<String, byte[]> kafka;

	private final String topic;

	private final Runnable creation;

	/**
	 * Create an instance.
	 * @param kafka sends dead letters
	 * @param topic the name of the topic
	 * @param creation creates the topic unless it exists
	 */
	DeadLetterTopic(KafkaOperations<String, byte[]> kafka, String topic, Runnable creation) {
		this.kafka = kafka;
		this.topic = topic;
		this.creation = creation;
	}

	/**
	 * Store a record, and return when it is stored.
	 * @param place where the record is
	 * @param record the record
	 * @param error class names and messages of the failure, in one line
	 * @param listener what has failed, {@code null} if unknown
	 * @throws KafkaException if it could not be stored
	 */
	void store(String place, ConsumerRecord<byte[], byte[]> record, String error, @Nullable String listener) {
		this.creation.run();
		ProducerRecord<String, byte[]> letter = letter(place, record, record.value(), error, listener);
		try {
			send(letter);
		}
		catch (KafkaException ex) {
			if (!(ex.contains(RecordTooLargeException.class))) {
				throw ex;
			}
			ProducerRecord<String, byte[]> reduced = letter(place, record, new byte[0], error, listener);
			set(reduced.headers(), VALUE_OMITTED, "true".getBytes(StandardCharsets.UTF_8));
			send(reduced);
		}
	}

	private ProducerRecord<String, byte[]> letter(String place, ConsumerRecord<byte[], byte[]> record, byte[] value,
			String error, @Nullable String listener) {
		ProducerRecord<String, byte[]> letter = new ProducerRecord<>(this.topic, null, place, value, record.headers());
		Headers headers = letter.headers();
		set(headers, ORIGINAL_KEY, record.key());
		set(headers, ERROR_CLASS, utf8(error.split("[:;]", 2)[0]));
		set(headers, ERROR, utf8(error));
		set(headers, LISTENER, (listener != null) ? utf8(listener) : null);
		return letter;
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static void set(Headers headers, String name, byte @Nullable [] value) {
		// A record that is replayed has those of its last failure
		headers.remove(name);
		if (value != null) {
			headers.add(name, value);
		}
	}

	private void send(ProducerRecord<String, byte[]> letter) {
		try {
			this.kafka.send(letter).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new KafkaException("A dead letter could not be stored", ex);
		}
		catch (ExecutionException ex) {
			throw new KafkaException("A dead letter could not be stored",
					Objects.requireNonNullElse(ex.getCause(), ex));
		}
		catch (TimeoutException ex) {
			throw new KafkaException("A dead letter could not be stored", ex);
		}
	}

}
