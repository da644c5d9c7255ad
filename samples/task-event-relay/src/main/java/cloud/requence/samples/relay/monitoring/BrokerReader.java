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

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

import cloud.requence.samples.relay.RelayProperties;
import cloud.requence.samples.relay.monitoring.GroupReader.GroupData;
import cloud.requence.samples.relay.monitoring.GroupReader.Groups;
import cloud.requence.samples.relay.monitoring.LastRecords.Last;
import cloud.requence.samples.relay.monitoring.TopicState.DeadLetters;
import cloud.requence.samples.relay.monitoring.TopicState.Group;
import cloud.requence.samples.relay.monitoring.TopicState.Member;
import cloud.requence.samples.relay.monitoring.TopicState.Partition;
import cloud.requence.samples.relay.monitoring.TopicState.Progress;

/**
 * Reads the state of the topic and of the groups that read it. Each request has a time
 * limit, and what it may return is bounded.
 * <p>
 * Used by one thread.
 */
class BrokerReader implements AutoCloseable {

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private static final String POSITION = "position";

	private final RelayProperties relay;

	private final MonitoringProperties properties;

	private final Admin admin;

	private final Consumer<String, byte[]> consumer;

	private final Requests requests;

	private final GroupReader groups;

	private final LastRecords lastRecords = new LastRecords();

	private final Map<String, DeadLetterIndex> indexes = new HashMap<>();

	private final Rates rates;

	/**
	 * Create a reader.
	 * @param relay the settings of the relay
	 * @param properties the settings of the reader
	 * @param admin sends requests; it is closed with this reader
	 * @param consumer reads records; it is closed with this reader
	 */
	BrokerReader(RelayProperties relay, MonitoringProperties properties, Admin admin,
			Consumer<String, byte[]> consumer) {
		this.relay = relay;
		this.properties = properties;
		this.admin = admin;
		this.consumer = consumer;
		this.requests = new Requests(properties.timeout());
		this.groups = new GroupReader(relay, properties, admin, this.requests);
		this.rates = new Rates(properties.window());
	}

	/**
	 * Read the state of now.
	 * @return the state
	 */
	TopicState read() {
		Set<String> topics = this.requests.await(this.admin.listTopics().names());
		if (!topics.contains(this.relay.topic())) {
			throw new UnknownTopicOrPartitionException("The topic '" + this.relay.topic() + "' does not exist");
		}
		List<TopicPartition> partitions = partitions(List.of(this.relay.topic()));
		// Before the ends, so that no group is in front of them
		Groups found = this.groups.read(topics, partitions);
		List<TopicPartition> letters = partitions(found.groups()
			.stream()
			.map((group) -> this.relay.deadLetterTopic(group.name()))
			.filter(topics::contains)
			.toList());
		List<TopicPartition> all = Stream.concat(partitions.stream(), letters.stream()).toList();
		Bounds bounds = new Bounds(offsets(all, OffsetSpec.earliest()), offsets(all, OffsetSpec.latest()));
		long deadline = System.nanoTime() + this.properties.timeout().toNanos();
		Map<TopicPartition, Last> last = this.lastRecords.read(this.consumer, bounds.of(partitions).beginnings,
				bounds.of(partitions).ends, deadline);
		Instant now = Instant.now();
		this.rates.add(now, counters(partitions, bounds, last, found.groups()));
		return new TopicState(this.relay.topic(), now,
				partitions.stream().map((partition) -> partition(partition, bounds, last.get(partition))).toList(),
				this.rates.of(POSITION),
				found.groups()
					.stream()
					.map((group) -> group(group, partitions, letters, bounds, last, deadline))
					.toList(),
				found.further(), this.groups.members(this.relay.leaderGroup()));
	}

	private List<TopicPartition> partitions(Collection<String> topics) {
		return this.requests.await(this.admin.describeTopics(topics).allTopicNames())
			.values()
			.stream()
			.flatMap((topic) -> topic.partitions()
				.stream()
				.map((partition) -> new TopicPartition(topic.name(), partition.partition())))
			.toList();
	}

	private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
		Map<TopicPartition, ListOffsetsResultInfo> offsets = this.requests.await(
				this.admin
					.listOffsets(
							partitions.stream()
								.collect(Collectors.toMap((partition) -> partition, (partition) -> spec)),
							new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
					.all());
		return offsets.entrySet()
			.stream()
			.collect(Collectors.toMap(Map.Entry::getKey, (offset) -> offset.getValue().offset()));
	}

	private static Map<String, Long> counters(List<TopicPartition> partitions, Bounds bounds,
			Map<TopicPartition, Last> last, List<GroupData> groups) {
		Map<String, Long> counters = new HashMap<>();
		partitions.forEach((partition) -> counters.put(counter(partition.partition()), bounds.end(partition)));
		last.values()
			.stream()
			.map(Last::position)
			.filter(Objects::nonNull)
			.max(Long::compare)
			.ifPresent((position) -> counters.put(POSITION, position));
		for (GroupData group : groups) {
			group.committed().forEach((partition, offset) -> counters.put(counter(group.name(), partition), offset));
			if (!group.committed().isEmpty()) {
				counters.put(counter(group.name()),
						group.committed().values().stream().mapToLong(Long::longValue).sum());
			}
		}
		return counters;
	}

	private static String counter(Object... name) {
		return Stream.of(name).map(String::valueOf).collect(Collectors.joining("/", "of/", ""));
	}

	private Partition partition(TopicPartition partition, Bounds bounds, @Nullable Last last) {
		return new Partition(partition.partition(), bounds.end(partition), (last != null) ? last.position() : null,
				(last != null) ? last.at() : null, this.rates.of(counter(partition.partition())));
	}

	private Group group(GroupData group, List<TopicPartition> partitions, List<TopicPartition> letters, Bounds bounds,
			Map<TopicPartition, Last> last, long deadline) {
		Map<Integer, String> readers = new HashMap<>();
		for (Member member : group.members()) {
			member.partitions().forEach((partition) -> readers.put(partition, member.client()));
		}
		List<Progress> progress = partitions.stream()
			.map((partition) -> progress(group, partition, bounds, last.get(partition), readers))
			.toList();
		boolean known = group.problem() == null;
		return new Group(group.name(), group.state(), group.members(), progress,
				known ? progress.stream().mapToLong(Progress::lag).sum() : null, this.rates.of(counter(group.name())),
				deadLetters(group.name(), letters, bounds, deadline), group.problem());
	}

	private Progress progress(GroupData group, TopicPartition partition, Bounds bounds, @Nullable Last last,
			Map<Integer, String> readers) {
		int number = partition.partition();
		Long committed = group.committed().get(number);
		long next = Math.max((committed != null) ? committed : 0, bounds.beginnings.getOrDefault(partition, 0L));
		// Behind the last record there are markers only
		long end = (last != null) ? last.offset() + 1 : bounds.end(partition);
		return new Progress(number, committed, Math.max(0, end - next), this.rates.of(counter(group.name(), number)),
				readers.get(number));
	}

	private @Nullable DeadLetters deadLetters(String group, List<TopicPartition> letters, Bounds bounds,
			long deadline) {
		String topic = this.relay.deadLetterTopic(group);
		Bounds own = bounds.of(letters.stream().filter((partition) -> partition.topic().equals(topic)).toList());
		if (own.ends.isEmpty()) {
			this.indexes.remove(group);
			return null;
		}
		return this.indexes.computeIfAbsent(group, (name) -> new DeadLetterIndex(this.properties.maxDeadLetters()))
			.read(this.consumer, own.beginnings, own.ends, deadline);
	}

	@Override
	public void close() {
		try {
			this.consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(CLOSE_TIMEOUT));
		}
		finally {
			this.admin.close(CLOSE_TIMEOUT);
		}
	}

	/**
	 * The first offsets of partitions, and those behind their last records.
	 */
	private record Bounds(Map<TopicPartition, Long> beginnings, Map<TopicPartition, Long> ends) {

		Bounds of(Collection<TopicPartition> partitions) {
			return new Bounds(
					partitions.stream().collect(Collectors.toMap((partition) -> partition, this.beginnings::get)),
					partitions.stream().collect(Collectors.toMap((partition) -> partition, this.ends::get)));
		}

		long end(TopicPartition partition) {
			return this.ends.getOrDefault(partition, 0L);
		}

	}

}
