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

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What is read, and by whom.
 *
 * @param topic the topic of the updates
 * @param groupId the group that shares the partitions
 * @param concurrency how many threads read partitions
 * @param deadLetterTopic the topic of the records that could not be handled; {@code null}
 * for none
 * @param replayTopic the topic of the records that this group handles again; {@code null}
 * for none
 * @param consumer the configuration of Kafka's consumers, as far as it is not set here
 * @param producer the configuration of Kafka's producer for dead letters, as far as it is
 * not set here
 */
public record KafkaSettings(String topic, String groupId, int concurrency, @Nullable String deadLetterTopic,
		@Nullable String replayTopic, Map<String, Object> consumer, Map<String, Object> producer) {

	String[] topics() {
		return (this.replayTopic != null) ? new String[] { this.topic, this.replayTopic } : new String[] { this.topic };
	}

}
