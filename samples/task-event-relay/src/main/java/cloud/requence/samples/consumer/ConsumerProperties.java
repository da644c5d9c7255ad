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

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the consumers.
 *
 * @param topic the topic of the updates
 * @param group the group that shares the partitions
 * @param concurrency how many threads of an instance read partitions
 * @param maxRetries how often a failed record is retried before it becomes a dead letter
 * @param retryDelay the time before the first retry, which doubles with each
 */
@ConfigurationProperties("consumer")
public record ConsumerProperties(@DefaultValue("task-updates") String topic,
		@DefaultValue("task-consumers") String group, @DefaultValue("1") int concurrency,
		@DefaultValue("2") int maxRetries, @DefaultValue("1s") Duration retryDelay) {

	/**
	 * Return the topic of the records that could not be handled, by an identifier. Those
	 * that were replayed have no value.
	 * @return the name of the topic
	 */
	public String deadLetterTopic() {
		return this.topic + "." + this.group + ".dead-letters";
	}

	/**
	 * Return the topic of the records that are to be handled again by this group.
	 * @return the name of the topic
	 */
	public String replayTopic() {
		return this.topic + "." + this.group + ".replays";
	}

}
