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

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

import cloud.requence.samples.relay.RelayProperties;
import cloud.requence.samples.relay.monitoring.TopicState.Member;

/**
 * Finds the groups that read the topic, and asks for their offsets and members.
 * <p>
 * Used by one thread.
 */
class GroupReader {

	private static final int MAX_CANDIDATES = 200;

	private final RelayProperties relay;

	private final MonitoringProperties properties;

	private final Admin admin;

	private final Requests requests;

	GroupReader(RelayProperties relay, MonitoringProperties properties, Admin admin, Requests requests) {
		this.relay = relay;
		this.properties = properties;
		this.admin = admin;
		this.requests = requests;
	}

	/**
	 * Read the groups that are to be shown.
	 * @param topics the names of all topics
	 * @param partitions the partitions of the topic
	 * @return the groups by their names
	 */
	Groups read(Set<String> topics, List<TopicPartition> partitions) {
		Set<String> expected = expected(topics);
		Map<String, Offsets> offsets = offsets(candidates(expected), partitions);
		offsets.entrySet()
			.removeIf((group) -> !expected.contains(group.getKey()) && group.getValue().committed.isEmpty());
		List<String> shown = offsets.keySet().stream().limit(this.properties.maxGroups()).toList();
		return new Groups(groups(shown, offsets), offsets.size() - shown.size());
	}

	/**
	 * Read the members of a group.
	 */
	List<Member> members(String group) {
		return describe(
				this.admin.describeConsumerGroups(List.of(group)).describedGroups().values().iterator().next()).members;
	}

	// Those that are shown though they have read nothing
	private Set<String> expected(Set<String> topics) {
		if (!this.properties.groups().isEmpty()) {
			return new TreeSet<>(this.properties.groups());
		}
		return topics.stream()
			.map(this.relay::groupOfDeadLetters)
			.flatMap(Stream::ofNullable)
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private List<String> candidates(Set<String> expected) {
		Stream<String> listed = this.properties.groups().isEmpty()
				? this.requests.await(this.admin.listGroups(ListGroupsOptions.forConsumerGroups()).valid())
					.stream()
					.map(GroupListing::groupId)
					.sorted()
				: Stream.empty();
		return Stream.concat(expected.stream(), listed).distinct().limit(MAX_CANDIDATES).toList();
	}

	private Map<String, Offsets> offsets(List<String> groups, List<TopicPartition> partitions) {
		Map<String, Offsets> offsets = new LinkedHashMap<>();
		if (groups.isEmpty()) {
			return offsets;
		}
		ListConsumerGroupOffsetsResult result = this.admin.listConsumerGroupOffsets(groups.stream()
			.collect(Collectors.toMap((group) -> group,
					(group) -> new ListConsumerGroupOffsetsSpec().topicPartitions(partitions))));
		groups.forEach((group) -> offsets.put(group, offsets(result.partitionsToOffsetAndMetadata(group))));
		return offsets;
	}

	private Offsets offsets(KafkaFuture<Map<TopicPartition, OffsetAndMetadata>> response) {
		Map<Integer, Long> committed = new HashMap<>();
		try {
			this.requests.await(response).forEach((partition, offset) -> {
				if (offset != null) {
					committed.put(partition.partition(), offset.offset());
				}
			});
			return new Offsets(committed, null);
		}
		catch (GroupIdNotFoundException ex) {
			return new Offsets(committed, null);
		}
		catch (org.apache.kafka.common.errors.TimeoutException ex) {
			throw ex;
		}
		catch (KafkaException ex) {
			return new Offsets(committed, ex.getMessage());
		}
	}

	private List<GroupData> groups(List<String> names, Map<String, Offsets> offsets) {
		Map<String, KafkaFuture<ConsumerGroupDescription>> responses = this.admin.describeConsumerGroups(names)
			.describedGroups();
		return names.stream().map((name) -> {
			Description description = describe(Objects.requireNonNull(responses.get(name)));
			Offsets own = Objects.requireNonNull(offsets.get(name));
			return new GroupData(name, description.state, description.members, own.committed,
					(own.problem != null) ? own.problem : description.problem);
		}).toList();
	}

	private Description describe(KafkaFuture<ConsumerGroupDescription> response) {
		try {
			ConsumerGroupDescription group = this.requests.await(response);
			return new Description(group.groupState().toString(),
					group.members()
						.stream()
						.map(this::member)
						.sorted(Comparator.comparing(Member::client).thenComparing(Member::host))
						.toList(),
					null);
		}
		catch (GroupIdNotFoundException ex) {
			return new Description("Unknown", List.of(), null);
		}
		catch (org.apache.kafka.common.errors.TimeoutException ex) {
			throw ex;
		}
		catch (KafkaException ex) {
			return new Description("Unknown", List.of(), ex.getMessage());
		}
	}

	private Member member(MemberDescription member) {
		String host = member.host();
		return new Member(member.clientId(), host.startsWith("/") ? host.substring(1) : host,
				member.assignment()
					.topicPartitions()
					.stream()
					.filter((partition) -> partition.topic().equals(this.relay.topic())
							|| partition.topic().equals(this.relay.checkpointTopic()))
					.map(TopicPartition::partition)
					.sorted()
					.toList());
	}

	/**
	 * The groups that are to be shown.
	 *
	 * @param groups the groups
	 * @param further how many others there are
	 */
	record Groups(List<GroupData> groups, int further) {

	}

	/**
	 * What the broker knows of a group.
	 *
	 * @param name its name
	 * @param state its state
	 * @param members its members
	 * @param committed the offsets that it reads next, by partition
	 * @param problem why something is not known; {@code null} if it is
	 */
	record GroupData(String name, String state, List<Member> members, Map<Integer, Long> committed,
			@Nullable String problem) {

	}

	private record Offsets(Map<Integer, Long> committed, @Nullable String problem) {

	}

	private record Description(String state, List<Member> members, @Nullable String problem) {

	}

}
