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

package cloud.requence.samples.relay;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.kafka.config.TopicBuilder;

/**
 * Settings of the relay.
 *
 * @param name the name of the relay. Instances with the same name share its work: it is
 * the {@code transactional.id} and the group that elects the leader
 * @param topic the topic of the updates
 * @param partitions how many partitions the topic has when it is created
 * @param replicas how many replicas the topics have when they are created; the broker's
 * default if it is missing
 * @param sessionTimeout how long the leader may be silent until another one leads
 */
@ConfigurationProperties("relay")
public record RelayProperties(@DefaultValue("task-relay") String name, @DefaultValue("task-updates") String topic,
		@DefaultValue("12") int partitions, @Nullable Short replicas, @DefaultValue("6s") Duration sessionTimeout) {

	private static final String DEAD_LETTERS = ".dead-letters";

	/**
	 * Return the topic of the checkpoint, whose only partition is assigned to the leader.
	 * @return the name of the topic
	 */
	public String checkpointTopic() {
		return this.name + "-checkpoint";
	}

	/**
	 * Return the group of the instances, which elects the leader.
	 * @return the name of the group
	 */
	public String leaderGroup() {
		return this.name + "-leader";
	}

	/**
	 * Return the topic of the records that a group could not handle.
	 * @param group the name of the group
	 * @return the name of the topic
	 */
	public String deadLetterTopic(String group) {
		return this.topic + "." + group + DEAD_LETTERS;
	}

	/**
	 * Return the group whose dead letters a topic has.
	 * @param topic the name of a topic
	 * @return the name of the group; {@code null} if it is another topic
	 */
	public @Nullable String groupOfDeadLetters(String topic) {
		boolean matches = topic.startsWith(this.topic + ".") && topic.endsWith(DEAD_LETTERS)
				&& topic.length() > this.topic.length() + 1 + DEAD_LETTERS.length();
		return matches ? topic.substring(this.topic.length() + 1, topic.length() - DEAD_LETTERS.length()) : null;
	}

	/**
	 * Return the topic of the records that a group is to handle again.
	 * @param group the name of the group
	 * @return the name of the topic
	 */
	public String replayTopic(String group) {
		return this.topic + "." + group + ".replays";
	}

	/**
	 * Set the replicas of a topic, if they are configured.
	 * @param topic the builder of the topic
	 * @return the builder
	 */
	public TopicBuilder withReplicas(TopicBuilder topic) {
		return (this.replicas != null) ? topic.replicas(this.replicas) : topic;
	}

}
