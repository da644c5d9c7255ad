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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Keeps anchors in the partition 0 of a Kafka topic, one record each: the key is the
 * size, the value the anchor. The topic should keep its records for good, and not be
 * compacted.
 */
final class KafkaAnchorStore implements AnchorStore {

	// The offsets among which the last record usually is
	private static final long LATEST = 10;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final KafkaTemplate<String, String> template;

	private final ConsumerFactory<String, String> consumers;

	private final TopicPartition partition;

	KafkaAnchorStore(ProducerFactory<?, ?> producers, ConsumerFactory<?, ?> consumers, String topic) {
		this.template = new KafkaTemplate<>(strings(producers));
		this.consumers = strings(consumers);
		this.partition = new TopicPartition(topic, 0);
	}

	// With the connection of the application, whatever its own records are made of
	@SuppressWarnings("unchecked")
	static ProducerFactory<String, String> strings(ProducerFactory<?, ?> producers) {
		return (ProducerFactory<String, String>) producers
			.copyWithConfigurationOverride(Map.of(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class,
					ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, StringSerializer.class, ProducerConfig.ACKS_CONFIG,
					"all", ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) TIMEOUT.toMillis()));
	}

	private static ConsumerFactory<String, String> strings(ConsumerFactory<?, ?> consumers) {
		Map<String, Object> properties = new HashMap<>(consumers.getConfigurationProperties());
		properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
		properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
		properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
		return new DefaultKafkaConsumerFactory<>(properties, new StringDeserializer(), new StringDeserializer());
	}

	@Override
	public @Nullable String last() throws IOException {
		AtomicReference<@Nullable String> last = new AtomicReference<>();
		try (Consumer<String, String> consumer = this.consumers.createConsumer()) {
			long end = assign(consumer);
			read(consumer, Math.max(0, end - LATEST), end, (found) -> last.set(found.value()));
			if (last.get() == null) {
				// Transactions and records that were removed leave offsets without a
				// record
				read(consumer, 0, end, (found) -> last.set(found.value()));
			}
		}
		catch (KafkaException ex) {
			throw new IOException("The anchors of " + this + " cannot be read: " + ex.getMessage(), ex);
		}
		return last.get();
	}

	private long assign(Consumer<String, String> consumer) {
		consumer.assign(List.of(this.partition));
		Long end = consumer.endOffsets(List.of(this.partition)).get(this.partition);
		return (end != null) ? end : 0;
	}

	private void read(Consumer<String, String> consumer, long from, long end,
			java.util.function.Consumer<ConsumerRecord<String, String>> reader) throws IOException {
		consumer.seek(this.partition, from);
		long position = from;
		while (position < end) {
			ConsumerRecords<String, String> found = consumer.poll(TIMEOUT);
			found.forEach(reader);
			long next = consumer.position(this.partition);
			if (next == position) {
				throw new IOException("The records of " + this + " did not come within " + TIMEOUT);
			}
			position = next;
		}
	}

	@Override
	public void add(long size, String text) throws IOException {
		try {
			this.template.send(this.partition.topic(), this.partition.partition(), Long.toString(size), text)
				.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException | KafkaException | org.springframework.kafka.KafkaException ex) {
			throw new IOException("The anchor was not stored in " + this + ": " + ex.getMessage(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Storing the anchor in " + this + " was interrupted", ex);
		}
	}

	@Override
	public void forEach(long from, Visitor visitor) throws IOException {
		try (Consumer<String, String> consumer = this.consumers.createConsumer()) {
			long end = assign(consumer);
			read(consumer, 0, end, (found) -> {
				if (isFrom(found.key(), from)) {
					visitor.anchor("record " + found.offset() + " of " + this, found.value());
				}
			});
		}
		catch (KafkaException ex) {
			throw new IOException("The anchors of " + this + " cannot be read: " + ex.getMessage(), ex);
		}
	}

	// What has another key is passed on, and found to be no anchor
	private static boolean isFrom(@Nullable String key, long from) {
		return key == null || !key.matches("[0-9]{1,18}") || Long.parseLong(key) >= from;
	}

	@Override
	public String toString() {
		return "topic " + this.partition.topic();
	}

}
