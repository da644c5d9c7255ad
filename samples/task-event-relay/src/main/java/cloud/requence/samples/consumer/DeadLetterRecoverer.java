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

package cloud.requence.samples.consumer;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.listener.ConsumerRecordRecoverer;

/**
 * Stores records that could not be handled in the topic of dead letters, each under an
 * identifier of its own, so that a replay can remove it. Returns when the record is
 * stored.
 */
class DeadLetterRecoverer implements ConsumerRecordRecoverer {

	/** The key that the record had. */
	static final String ORIGINAL_KEY = "original-key";

	/** The class and message of the failure. */
	static final String ERROR = "error";

	private static final int MAX_ERROR_LENGTH = 500;

	private static final int TIMEOUT_SECONDS = 60;

	private final KafkaOperations<String, byte[]> kafka;

	private final String topic;

	/**
	 * Create a recoverer.
	 * @param kafka sends records
	 * @param topic the topic of dead letters
	 */
	DeadLetterRecoverer(KafkaOperations<String, byte[]> kafka, String topic) {
		this.kafka = kafka;
		this.topic = topic;
	}

	@Override
	public void accept(ConsumerRecord<?, ?> record, Exception failure) {
		ProducerRecord<String, byte[]> letter = new ProducerRecord<>(this.topic, null,
				record.topic() + "-" + record.partition() + "@" + record.offset(), (byte[]) record.value(),
				record.headers());
		letter.headers().remove(ERROR).remove(ORIGINAL_KEY);
		letter.headers().add(ORIGINAL_KEY, String.valueOf(record.key()).getBytes(StandardCharsets.UTF_8));
		letter.headers().add(ERROR, describe(failure).getBytes(StandardCharsets.UTF_8));
		try {
			this.kafka.send(letter).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new KafkaException("A dead letter could not be stored", ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new KafkaException("A dead letter could not be stored", ex);
		}
	}

	private static String describe(Exception failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		String text = cause.getClass().getSimpleName() + ": " + cause.getMessage();
		return text.substring(0, Math.min(text.length(), MAX_ERROR_LENGTH));
	}

}
