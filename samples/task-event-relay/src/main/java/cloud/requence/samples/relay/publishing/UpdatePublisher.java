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

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.core.KafkaOperations;
import org.springframework.util.unit.DataSize;

import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskUpdateJson;

/**
 * Writes each update of the watcher to the topic, in the transaction of its delivery. The
 * updates of a root task have the same key, and so their order.
 * <p>
 * A record that would be too large is written without the context of its task, as
 * incomplete.
 */
class UpdatePublisher implements TaskUpdateHandler {

	private static final TaskUpdateJson COMPLETE = TaskUpdateJson.withContext();

	private static final TaskUpdateJson REDUCED = TaskUpdateJson.withContext().withMaxContextSize(DataSize.ofBytes(0));

	// For keys, headers and the record itself
	private static final int OVERHEAD = 4096;

	private final KafkaOperations<String, byte[]> kafka;

	private final String topic;

	private final int maxSize;

	/**
	 * Create a publisher.
	 * @param kafka sends records in transactions
	 * @param topic the topic
	 * @param maxRequestSize the size of the largest request of the producer
	 */
	UpdatePublisher(KafkaOperations<String, byte[]> kafka, String topic, int maxRequestSize) {
		this.kafka = kafka;
		this.topic = topic;
		this.maxSize = maxRequestSize - OVERHEAD;
	}

	@Override
	public void handle(TaskUpdate update) {
		byte[] json = COMPLETE.writeAsBytes(update);
		boolean tooLarge = json.length > this.maxSize;
		if (tooLarge) {
			json = REDUCED.writeAsBytes(update);
		}
		String rootTaskId = update.rootTaskId();
		ProducerRecord<String, byte[]> record = new ProducerRecord<>(this.topic,
				(rootTaskId != null) ? rootTaskId : update.taskId(), json);
		Headers headers = record.headers();
		add(headers, RecordHeaders.SCHEMA_VERSION, TaskUpdateJson.VERSION);
		add(headers, RecordHeaders.TYPE, update.type().wireName());
		add(headers, RecordHeaders.POSITION, update.position());
		add(headers, RecordHeaders.UPDATE_ID, update.updateId());
		add(headers, RecordHeaders.INCOMPLETE, update.incomplete() || tooLarge);
		Sending.send(this.kafka, record);
	}

	private static void add(Headers headers, String name, @Nullable Object value) {
		if (value != null) {
			headers.add(name, value.toString().getBytes(StandardCharsets.UTF_8));
		}
	}

}
