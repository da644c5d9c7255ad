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

package cloud.requence.samples.relay.monitoring;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

import cloud.requence.samples.relay.publishing.RecordHeaders;
import cloud.requence.task.TaskPayloadException;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateJson;

/**
 * A record that a group could not handle. Its texts are shortened, and its payload is
 * left out.
 *
 * @param partition the partition of the topic of dead letters
 * @param offset the offset in that partition
 * @param key the identifier, which says where the record was
 * @param at when it became a dead letter
 * @param type the type of the update, empty if it is not known
 * @param taskId the task; {@code null} if the record is not an update
 * @param taskName the name of the task; {@code null} if it has none
 * @param position the position of the update; {@code null} if it is not known
 * @param error the failure of the listener, empty if it is not known
 */
public record DeadLetter(int partition, long offset, String key, Instant at, String type, @Nullable String taskId,
		@Nullable String taskName, @Nullable Long position, String error) {

	private static final String ERROR = "error";

	private static final int MAX_LENGTH = 200;

	private static final int MAX_ERROR_LENGTH = 500;

	private static final TaskUpdateJson JSON = TaskUpdateJson.withContext();

	static DeadLetter of(ConsumerRecord<String, byte[]> letter) {
		TaskUpdate update = read(letter.value());
		return new DeadLetter(letter.partition(), letter.offset(), shortened(letter.key(), MAX_LENGTH),
				Instant.ofEpochMilli(letter.timestamp()), header(letter, RecordHeaders.TYPE, MAX_LENGTH),
				(update != null) ? shortened(update.taskId(), MAX_LENGTH) : null,
				(update != null && update.name() != null) ? shortened(update.name(), MAX_LENGTH) : null,
				position(letter), header(letter, ERROR, MAX_ERROR_LENGTH));
	}

	/**
	 * Return the position in a record of the relay.
	 */
	static @Nullable Long position(ConsumerRecord<String, byte[]> record) {
		try {
			return Long.valueOf(header(record, RecordHeaders.POSITION, MAX_LENGTH));
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	private static @Nullable TaskUpdate read(byte[] value) {
		try {
			return JSON.read(new String(value, StandardCharsets.UTF_8));
		}
		catch (TaskPayloadException ex) {
			return null;
		}
	}

	private static String header(ConsumerRecord<String, byte[]> record, String name, int maxLength) {
		Header header = record.headers().lastHeader(name);
		return (header != null && header.value() != null)
				? shortened(new String(header.value(), StandardCharsets.UTF_8), maxLength) : "";
	}

	private static String shortened(String text, int maxLength) {
		return (text.length() > maxLength) ? text.substring(0, maxLength - 1) + "…" : text;
	}

}
