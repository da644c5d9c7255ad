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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.apache.kafka.clients.producer.ProducerRecord;

import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.support.SendResult;

/**
 * Sends records in transactions.
 */
final class Sending {

	private Sending() {
	}

	/**
	 * Send a record, and do not wait for it: the commit does, and fails if the record was
	 * not stored. What is known at once, such as a record that is too large, is thrown.
	 * @param operations the operations of the transaction
	 * @param record the record
	 */
	static void send(KafkaOperations<String, byte[]> operations, ProducerRecord<String, byte[]> record) {
		CompletableFuture<SendResult<String, byte[]>> result = operations.send(record);
		if (result.isCompletedExceptionally()) {
			try {
				result.join();
			}
			catch (CompletionException ex) {
				throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
			}
		}
	}

}
