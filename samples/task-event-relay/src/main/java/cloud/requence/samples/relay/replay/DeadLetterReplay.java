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

package cloud.requence.samples.relay.replay;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import cloud.requence.samples.relay.RelayProperties;

/**
 * Hands dead letters to their group again. A letter is written to the topic of replays
 * and removed from that of dead letters in one transaction.
 * <p>
 * All instances share a {@code transactional.id} for each group. A producer that is
 * initialized ends the transactions of those before it and fences them, so that what is
 * read afterwards is valid as long as this producer commits: no letter is replayed twice,
 * though two operators press the button at the same time.
 */
public class DeadLetterReplay {

	private static final Logger logger = LoggerFactory.getLogger(DeadLetterReplay.class);

	private static final String ORIGINAL_KEY = "original-key";

	private static final String ERROR = "error";

	private static final int TRANSACTION_LETTERS = 100;

	private static final long TRANSACTION_BYTES = 4 * 1024 * 1024;

	private static final int MAX_LETTERS = 100_000;

	private static final Duration POLL = Duration.ofMillis(200);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private final RelayProperties relay;

	private final Function<String, Producer<String, byte[]>> producers;

	private final Supplier<Consumer<String, byte[]>> consumers;

	private final Duration timeLimit;

	private final Lock lock = new ReentrantLock();

	/**
	 * Create replays.
	 * @param relay the settings of the relay
	 * @param producerSettings what producers need to reach the broker
	 * @param consumerSettings what consumers need to reach the broker
	 * @param timeLimit after which time a replay of many letters ends
	 */
	public DeadLetterReplay(RelayProperties relay, Map<String, Object> producerSettings,
			Map<String, Object> consumerSettings, Duration timeLimit) {
		this(relay,
				(group) -> producer(producerSettings, relay.name() + ".replay." + group, (int) timeLimit.toMillis()),
				() -> consumer(consumerSettings, (int) timeLimit.toMillis()), timeLimit);
	}

	/**
	 * Create replays.
	 * @param relay the settings of the relay
	 * @param producers creates the producer for the letters of a group
	 * @param consumers creates a consumer
	 * @param timeLimit after which time a replay of many letters ends
	 */
	DeadLetterReplay(RelayProperties relay, Function<String, Producer<String, byte[]>> producers,
			Supplier<Consumer<String, byte[]>> consumers, Duration timeLimit) {
		this.relay = relay;
		this.producers = producers;
		this.consumers = consumers;
		this.timeLimit = timeLimit;
	}

	/**
	 * Replay one letter.
	 * @param group the group that could not handle it
	 * @param partition its partition in the topic of dead letters
	 * @param offset its offset there
	 * @return what was replayed: nothing if it was replayed before
	 * @throws ReplayException if it was not replayed, or if that is not known
	 */
	public Replayed replayOne(String group, int partition, long offset) {
		return replay(group, List.of(new TopicPartition(this.relay.deadLetterTopic(group), partition)), offset);
	}

	/**
	 * Replay all letters of a group that are there now, the oldest first, until the time
	 * is over.
	 * @param group the group that could not handle them
	 * @return what was replayed, and what remains
	 * @throws ReplayException if not all were replayed, or if that is not known
	 */
	public Replayed replayAll(String group) {
		return replay(group, null, null);
	}

	private Replayed replay(String group, @Nullable List<TopicPartition> partitions, @Nullable Long only) {
		if (!this.lock.tryLock()) {
			throw new ReplayException("Another replay is running.", 0, null);
		}
		try {
			return replayAlone(group, partitions, only);
		}
		finally {
			this.lock.unlock();
		}
	}

	private Replayed replayAlone(String group, @Nullable List<TopicPartition> partitions, @Nullable Long only) {
		Replay replay = new Replay(group, System.nanoTime() + this.timeLimit.toNanos());
		Producer<String, byte[]> producer = null;
		try (Consumer<String, byte[]> consumer = this.consumers.get()) {
			producer = this.producers.apply(group);
			producer.initTransactions();
			List<TopicPartition> read = (partitions != null) ? partitions
					: consumer.partitionsFor(this.relay.deadLetterTopic(group))
						.stream()
						.map((info) -> new TopicPartition(info.topic(), info.partition()))
						.toList();
			try {
				for (TopicPartition partition : read) {
					replay.partition(producer, consumer, partition, only);
				}
			}
			catch (KafkaException | IllegalStateException ex) {
				replay.abort(producer, ex);
				throw ex;
			}
			return new Replayed(replay.committed, replay.remaining);
		}
		catch (KafkaException | IllegalStateException ex) {
			throw new ReplayException("Kafka did not accept the replay: " + ex.getMessage(), replay.committed, ex);
		}
		finally {
			// Without a limit it would wait for the end of a transaction as long as the
			// broker is away
			if (producer != null) {
				close(producer);
			}
		}
	}

	private static void close(Producer<?, ?> producer) {
		try {
			producer.close(CLOSE_TIMEOUT);
		}
		// What was committed is, and the broker ends what was not
		catch (KafkaException ex) {
			logger.debug("The producer of a replay could not be closed", ex);
		}
	}

	private static Producer<String, byte[]> producer(Map<String, Object> defaults, String transactionalId,
			int timeout) {
		Map<String, Object> settings = new HashMap<>(defaults);
		settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
		settings.put(ProducerConfig.ACKS_CONFIG, "all");
		settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
		settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
		settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout);
		settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
		settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeout);
		settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, timeout * 2);
		return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
	}

	private static Consumer<String, byte[]> consumer(Map<String, Object> defaults, int timeout) {
		Map<String, Object> settings = new HashMap<>(defaults);
		settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
		settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
		settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
		settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
		settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
		settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
		return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
	}

	/**
	 * What was replayed.
	 *
	 * @param letters how many letters
	 * @param remaining how many are left, as the time was over
	 */
	public record Replayed(int letters, int remaining) {

	}

	/**
	 * A replay that is running.
	 */
	private final class Replay {

		private final String group;

		private final long deadline;

		// The letters and removals of the transaction that is open
		private final List<Future<RecordMetadata>> sends = new ArrayList<>();

		private long bytes;

		private int committed;

		private int remaining;

		Replay(String group, long deadline) {
			this.group = group;
			this.deadline = deadline;
		}

		void partition(Producer<String, byte[]> producer, Consumer<String, byte[]> consumer, TopicPartition partition,
				@Nullable Long only) {
			List<TopicPartition> assigned = List.of(partition);
			consumer.assign(assigned);
			long end = consumer.endOffsets(assigned).getOrDefault(partition, 0L);
			Map<String, Long> letters = letters(consumer, partition, only, end);
			if (letters.isEmpty()) {
				return;
			}
			this.remaining += letters.size();
			consumer.seek(partition, letters.values().stream().mapToLong(Long::longValue).min().orElse(end));
			while (!letters.isEmpty() && consumer.position(partition) < end && isInTime()) {
				for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
					if (letters.remove(String.valueOf(record.key()), record.offset())) {
						send(producer, record);
					}
				}
				commit(producer);
			}
			commit(producer);
		}

		/**
		 * Find the letters that are not replayed, by their keys. Each record replaces the
		 * one before it that has the same key, and one without a value removes it.
		 */
		private Map<String, Long> letters(Consumer<String, byte[]> consumer, TopicPartition partition,
				@Nullable Long only, long end) {
			Map<String, Long> letters = new LinkedHashMap<>();
			consumer.seekToBeginning(List.of(partition));
			if (only != null) {
				consumer.seek(partition, only);
			}
			while (consumer.position(partition) < end) {
				if (!isInTime()) {
					throw new ReplayException("The dead letters cannot be read in time.", this.committed, null);
				}
				for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
					if (record.key() == null || record.offset() >= end) {
						continue;
					}
					letters.remove(record.key());
					boolean wanted = (only != null) ? (record.offset() == only) : (letters.size() < MAX_LETTERS);
					if (record.value() != null && wanted) {
						letters.put(record.key(), record.offset());
					}
				}
			}
			return letters;
		}

		/**
		 * End the transaction, so that readers do not wait for it until it has expired.
		 */
		void abort(Producer<String, byte[]> producer, RuntimeException reason) {
			if (!this.sends.isEmpty()) {
				try {
					producer.abortTransaction();
				}
				catch (KafkaException | IllegalStateException ex) {
					reason.addSuppressed(ex);
				}
			}
		}

		private boolean isInTime() {
			return System.nanoTime() - this.deadline < 0;
		}

		private void send(Producer<String, byte[]> producer, ConsumerRecord<String, byte[]> letter) {
			if (this.sends.isEmpty()) {
				producer.beginTransaction();
			}
			ProducerRecord<String, byte[]> replay = new ProducerRecord<>(
					DeadLetterReplay.this.relay.replayTopic(this.group), originalKey(letter), letter.value());
			letter.headers().forEach(replay.headers()::add);
			replay.headers().remove(ORIGINAL_KEY).remove(ERROR);
			// The commit fails if one of them does
			this.sends.add(producer.send(replay));
			this.sends.add(producer.send(new ProducerRecord<>(letter.topic(), letter.partition(), letter.key(), null)));
			this.bytes += letter.value().length;
			if (this.sends.size() >= 2 * TRANSACTION_LETTERS || this.bytes >= TRANSACTION_BYTES) {
				commit(producer);
			}
		}

		private static @Nullable String originalKey(ConsumerRecord<String, byte[]> letter) {
			Header key = letter.headers().lastHeader(ORIGINAL_KEY);
			return (key != null && key.value() != null) ? new String(key.value(), StandardCharsets.UTF_8) : null;
		}

		private void commit(Producer<String, byte[]> producer) {
			if (!this.sends.isEmpty()) {
				producer.commitTransaction();
				int letters = this.sends.size() / 2;
				this.committed += letters;
				this.remaining -= letters;
				this.sends.clear();
				this.bytes = 0;
			}
		}

	}

}
