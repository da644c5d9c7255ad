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

package cloud.requence.samples.auditlog.evidence;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Anchors in a topic of a real broker.
 */
class KafkaAnchorTests {

	private static final EmbeddedKafkaBroker broker = new EmbeddedKafkaKraftBroker(1, 1);

	private static DefaultKafkaProducerFactory<Object, Object> producers = new DefaultKafkaProducerFactory<>(Map.of());

	@BeforeAll
	static void startBroker() {
		broker.afterPropertiesSet();
		producers = new DefaultKafkaProducerFactory<>(
				Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.getBrokersAsString()));
		broker.addTopics(topic("anchors"), topic("empty"));
	}

	private static NewTopic topic(String name) {
		return new NewTopic(name, 1, (short) 1).configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1"));
	}

	@AfterAll
	static void stopBroker() {
		broker.destroy();
	}

	@Test
	void storesEachNewHeadOnce() throws IOException {
		SampleLog log = new SampleLog();
		AnchorStore store = store("anchors");
		Anchoring anchoring = new Anchoring(log.heads, store, log.writer, Clock.systemUTC());
		log.append(0, 10);
		anchoring.anchor();
		anchoring.anchor();
		log.append(10, 7);
		anchoring.anchor();
		assertThat(anchoring.problem()).isNull();
		List<String> anchors = new ArrayList<>();
		store.forEach(0, (name, text) -> anchors.add(text));
		assertThat(anchors).hasSize(2);
		assertThat(anchors.get(0)).startsWith("old 0\n");
		assertThat(anchors.get(1)).startsWith("old 10\n").isEqualTo(store.last());
		List<String> newer = new ArrayList<>();
		store.forEach(11, (name, text) -> newer.add(name));
		assertThat(newer).containsExactly("record 1 of topic anchors");
		VerificationReport report = new LogVerification(log.writer, store, log.heads.keys()).verify().report();
		assertThat(report.valid()).isTrue();
		assertThat(report.anchors()).isEqualTo(2);
		new KafkaTemplate<>(KafkaAnchorStore.strings(producers)).send("anchors", "x", "forged").join();
		assertThat(new LogVerification(log.writer, store, log.heads.keys()).verify().report().firstFault()).asString()
			.contains("record 2 of topic anchors cannot be used");
	}

	@Test
	void isEmptyAtFirst() throws IOException {
		assertThat(store("empty").last()).isNull();
	}

	@Test
	void reportsATopicThatIsMissing() {
		AnchorStore store = store("missing");
		assertThatIOException().isThrownBy(store::last).withMessageContaining("topic missing");
	}

	private static AnchorStore store(String topic) {
		return new KafkaAnchorStore(producers, new DefaultKafkaConsumerFactory<>(
				Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.getBrokersAsString())), topic);
	}

}
