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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.kafka.listener.MessageListener;

import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateEvent;
import cloud.requence.task.TaskUpdateJson;
import cloud.requence.task.client.TaskClient;
import cloud.requence.task.client.TaskClientException;
import cloud.requence.task.client.TaskNotFoundException;
import cloud.requence.task.client.TaskPlatformUnreachableException;

/**
 * Publishes the update of a record to the listener methods, and fails if one of them
 * does: the record is then read again, and reaches all of them. The end of a task that
 * requires an acknowledgement is acknowledged before the record counts as read, and after
 * it was handled.
 * <p>
 * Each partition is read by one thread at a time.
 */
class UpdateRecordListener implements MessageListener<String, byte[]> {

	private static final Logger logger = LoggerFactory.getLogger(UpdateRecordListener.class);

	private final TaskUpdateJson json = TaskUpdateJson.withContext();

	private final ApplicationEventPublisher events;

	private final TaskClient client;

	// The record of each partition that has failed and is read again
	private final Map<TopicPartition, Attempt> failed = new ConcurrentHashMap<>();

	/**
	 * Create a listener.
	 * @param events publishes the updates
	 * @param client acknowledges the ends of tasks
	 */
	UpdateRecordListener(ApplicationEventPublisher events, TaskClient client) {
		this.events = events;
		this.client = client;
	}

	@Override
	public void onMessage(ConsumerRecord<String, byte[]> record) {
		TopicPartition partition = new TopicPartition(record.topic(), record.partition());
		Attempt attempt = attempt(partition, record);
		try {
			handle(attempt);
			acknowledge(attempt.update);
		}
		catch (RuntimeException ex) {
			this.failed.put(partition, attempt);
			throw ex;
		}
	}

	private Attempt attempt(TopicPartition partition, ConsumerRecord<String, byte[]> record) {
		Attempt earlier = this.failed.remove(partition);
		return (earlier != null && earlier.offset == record.offset()) ? earlier
				: new Attempt(record.offset(), this.json.read(new String(record.value(), StandardCharsets.UTF_8)));
	}

	private void handle(Attempt attempt) {
		if (!attempt.handled) {
			this.events.publishEvent(new TaskUpdateEvent<>(this, attempt.update));
			attempt.handled = true;
		}
	}

	private void acknowledge(TaskUpdate update) {
		if (!requiresAcknowledgement(update)) {
			return;
		}
		try {
			this.client.acknowledge(update.taskId());
		}
		catch (TaskPlatformUnreachableException ex) {
			throw ex;
		}
		catch (TaskNotFoundException ex) {
			logger.debug("Task {} does not exist any more", update.taskId(), ex);
		}
		// It would be refused again, and the end was handled
		catch (TaskClientException ex) {
			logger.warn("The end of a task was handled, and its acknowledgement is refused", ex);
		}
	}

	private static boolean requiresAcknowledgement(TaskUpdate update) {
		return (update instanceof TaskEnd end && end.requireAck())
				|| (update instanceof TaskError error && error.requireAck())
				|| (update instanceof TaskAborted aborted && aborted.requireAck());
	}

	/**
	 * What is known of a record that is being handled.
	 */
	private static final class Attempt {

		private final long offset;

		private final TaskUpdate update;

		private boolean handled;

		Attempt(long offset, TaskUpdate update) {
			this.offset = offset;
			this.update = update;
		}

	}

}
