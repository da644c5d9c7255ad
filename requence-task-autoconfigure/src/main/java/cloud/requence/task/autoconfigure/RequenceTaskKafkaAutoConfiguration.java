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

package cloud.requence.task.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.util.StringUtils;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.kafka.KafkaSettings;
import cloud.requence.task.kafka.KafkaTaskWatcher;

/**
 * Auto-configuration for watching a Kafka topic in place of the platform.
 */
@AutoConfiguration(before = RequenceTaskAutoConfiguration.class,
		afterName = "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration")
@ConditionalOnClass(KafkaAdmin.class)
@ConditionalOnRequenceTaskEnabled
@ConditionalOnProperty(name = "requence.task.source", havingValue = "kafka")
@ConditionalOnMissingBean(TaskWatcher.class)
public final class RequenceTaskKafkaAutoConfiguration {

	private static final String PREFIX = "requence.task.kafka.";

	private static final String SOURCE = "requence.task.source";

	private static final int MAX_CONCURRENCY = 1000;

	RequenceTaskKafkaAutoConfiguration() {
	}

	@Bean
	KafkaTaskWatcher requenceTaskWatcher(RequenceTaskProperties properties,
			ObjectProvider<AutoConfiguredTaskWatcherFactory> watcherFactory,
			ObjectProvider<ConsumerFactory<?, ?>> consumerFactory,
			ObjectProvider<ProducerFactory<?, ?>> producerFactory, ObjectProvider<KafkaAdmin> admin,
			ApplicationContext applicationContext) {
		ConsumerFactory<?, ?> consumers = SingleBean.of(consumerFactory, SOURCE, "ConsumerFactory");
		RequenceTaskProperties.Kafka kafka = properties.getKafka();
		KafkaSettings settings = new KafkaSettings(topic(kafka), groupId(kafka), concurrency(kafka),
				deadLetterTopic(kafka), replayTopic(kafka), consumers.getConfigurationProperties(),
				SingleBean.of(producerFactory, SOURCE, "ProducerFactory").getConfigurationProperties());
		return new KafkaTaskWatcher(watcherFactory.getObject().builder(WatcherConfigurer.PRIMARY), settings,
				List.copyOf(consumers.getListeners()), topicCreation(admin, applicationContext.getEnvironment()),
				applicationContext);
	}

	// What the admin does at the start, and not again if no broker was available then
	private static Runnable topicCreation(ObjectProvider<KafkaAdmin> admin, Environment environment) {
		boolean wanted = environment.getProperty("spring.kafka.admin.auto-create", Boolean.class, true);
		return () -> {
			if (wanted) {
				admin.ifUnique(KafkaAdmin::initialize);
			}
		};
	}

	// The admin of the application creates them
	@Bean
	@ConditionalOnMissingBean(name = "requenceTaskKafkaTopics")
	KafkaAdmin.NewTopics requenceTaskKafkaTopics(RequenceTaskProperties properties) {
		RequenceTaskProperties.Kafka kafka = properties.getKafka();
		String deadLetters = deadLetterTopic(kafka);
		String replays = replayTopic(kafka);
		return new KafkaAdmin.NewTopics(Stream
			.concat(Stream.ofNullable(deadLetters).map((name) -> TopicBuilder.name(name).partitions(1).compact()),
					Stream.ofNullable(replays).map((name) -> TopicBuilder.name(name).partitions(1)))
			.map(TopicBuilder::build)
			.toArray(NewTopic[]::new));
	}

	private static String topic(RequenceTaskProperties.Kafka kafka) {
		return required("topic", kafka.getTopic(), "the topic that a relay writes the updates to");
	}

	private static String groupId(RequenceTaskProperties.Kafka kafka) {
		return required("group-id", kafka.getGroupId(),
				"a name that all instances of this application share, and no other application");
	}

	private static String required(String name, @Nullable String value, String meaning) {
		if (!StringUtils.hasText(value)) {
			throw new InvalidPropertyException(PREFIX + name, "is missing, and '" + SOURCE + "' is 'kafka'",
					"Set '" + PREFIX + name + "' to " + meaning + ".");
		}
		return value.strip();
	}

	private static int concurrency(RequenceTaskProperties.Kafka kafka) {
		int concurrency = kafka.getConcurrency();
		if (concurrency < 1 || concurrency > MAX_CONCURRENCY) {
			throw new InvalidPropertyException(PREFIX + "concurrency", "must be from 1 to " + MAX_CONCURRENCY);
		}
		return concurrency;
	}

	private static @Nullable String deadLetterTopic(RequenceTaskProperties.Kafka kafka) {
		return further("dead-letter-topic", kafka.getDeadLetterTopic(), "dead-letters", kafka);
	}

	private static @Nullable String replayTopic(RequenceTaskProperties.Kafka kafka) {
		String topic = further("replay-topic", kafka.getReplayTopic(), "replays", kafka);
		if (topic != null && topic.equals(deadLetterTopic(kafka))) {
			throw new InvalidPropertyException(PREFIX + "replay-topic",
					"is the topic of dead letters, which would be handled again without end");
		}
		return topic;
	}

	private static @Nullable String further(String name, @Nullable String value, String suffix,
			RequenceTaskProperties.Kafka kafka) {
		String topic = (value != null) ? value.strip() : topic(kafka) + "." + groupId(kafka) + "." + suffix;
		if (topic.equals(topic(kafka))) {
			throw new InvalidPropertyException(PREFIX + name, "is the topic of the updates");
		}
		return topic.isEmpty() ? null : topic;
	}

}
