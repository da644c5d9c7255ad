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

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.test.util.ReflectionTestUtils;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TestAccessTokens;
import cloud.requence.task.kafka.KafkaTaskWatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RequenceTaskKafkaAutoConfiguration}.
 */
class RequenceTaskKafkaAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(RequenceTaskAutoConfiguration.class, RequenceTaskKafkaAutoConfiguration.class,
						RequenceTaskLeaderElectionAutoConfiguration.class, KafkaAutoConfiguration.class))
		.withPropertyValues("requence.task.auto-startup=false", "spring.kafka.admin.auto-create=false",
				"requence.task.access-token=" + TestAccessTokens.api("my-secret", "http://127.0.0.1:1/task"));

	private final ApplicationContextRunner kafka = this.runner.withPropertyValues("requence.task.source=kafka",
			"requence.task.kafka.topic=updates", "requence.task.kafka.group-id=invoices");

	@Test
	void thePlatformIsWatchedUnlessTheTopicIsAskedFor() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(TaskWatcher.class)
			.doesNotHaveBean(KafkaTaskWatcher.class)
			.doesNotHaveBean("requenceTaskKafkaTopics"));
	}

	@Test
	void theTopicIsWatchedInPlaceOfThePlatform() {
		this.kafka.run((context) -> {
			assertThat(context).hasSingleBean(TaskWatcher.class);
			assertThat(context.getBean(TaskWatcher.class)).isInstanceOf(KafkaTaskWatcher.class)
				.isSameAs(context.getBean("requenceTaskWatcher"));
			assertThat(topics(context.getBean("requenceTaskKafkaTopics", KafkaAdmin.NewTopics.class)))
				.isEqualTo(Map.of("updates.invoices.dead-letters", Map.of("cleanup.policy", "compact"),
						"updates.invoices.replays", Map.of()));
		});
	}

	@Test
	void furtherTopicsCanBeOthersOrNone() {
		this.kafka
			.withPropertyValues("requence.task.kafka.dead-letter-topic=failed", "requence.task.kafka.replay-topic=")
			.run((context) -> assertThat(topics(context.getBean("requenceTaskKafkaTopics", KafkaAdmin.NewTopics.class)))
				.containsOnlyKeys("failed"));
	}

	private static Map<String, Map<String, String>> topics(KafkaAdmin.NewTopics topics) {
		Map<String, Map<String, String>> found = new HashMap<>();
		for (Object topic : (Iterable<?>) Objects.requireNonNull(ReflectionTestUtils.getField(topics, "newTopics"))) {
			NewTopic created = (NewTopic) topic;
			found.put(created.name(), (created.configs() != null) ? created.configs() : Map.of());
		}
		return found;
	}

	@Test
	void aWatcherOfTheApplicationReplacesIt() {
		this.kafka.withBean("own", TaskWatcher.class, () -> mock(TaskWatcher.class))
			.run((context) -> assertThat(context).hasSingleBean(TaskWatcher.class)
				.doesNotHaveBean(KafkaTaskWatcher.class));
	}

	@Test
	void theDependencyThatIsMissingIsNamed() {
		this.kafka.withClassLoader(new FilteredClassLoader("org.springframework.kafka"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidPropertyException.class, (failure) -> {
					assertThat(failure).hasMessageContaining("'requence.task.source' needs Spring for Apache Kafka");
					assertThat(failure.remedy()).contains("org.springframework.boot:spring-boot-starter-kafka");
				}));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					requence.task.kafka.topic=                     | requence.task.kafka.topic             | is missing
					requence.task.kafka.group-id=                  | requence.task.kafka.group-id          | is missing
					requence.task.kafka.concurrency=0              | requence.task.kafka.concurrency       | from 1 to 1000
					requence.task.kafka.dead-letter-topic=updates  | requence.task.kafka.dead-letter-topic | is the topic of the updates
					requence.task.kafka.replay-topic=updates.invoices.dead-letters | requence.task.kafka.replay-topic | without end
					requence.task.checkpoint.store=file            | requence.task.checkpoint.store        | has no effect
					requence.task.access-token=                    | requence.task.access-token            | is missing
					""")
	void whatIsWrongIsNamed(String property, String name, String reason) {
		this.kafka.withPropertyValues(property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining(reason)
				.isInstanceOfSatisfying(PropertyFailure.class,
						(failure) -> assertThat(failure.property()).isEqualTo(name)));
	}

	@Test
	void aLeaderIsNotElected() {
		this.kafka.withPropertyValues("requence.task.leader-election.enabled=true")
			.withClassLoader(new FilteredClassLoader("org.springframework.integration"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("'requence.task.leader-election.enabled' has no effect"));
	}

}
