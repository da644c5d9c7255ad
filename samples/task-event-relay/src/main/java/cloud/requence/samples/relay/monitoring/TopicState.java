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

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The topic and its readers at one moment.
 *
 * @param topic the name of the topic
 * @param at when the state was read
 * @param partitions the partitions of the topic
 * @param rate offsets per second that were written to all of them; {@code null} if it is
 * not known yet
 * @param groups the groups that read the topic
 * @param furtherGroups how many groups are not shown
 * @param instances the instances of the relay
 */
public record TopicState(String topic, Instant at, List<Partition> partitions, @Nullable Double rate,
		List<Group> groups, int furtherGroups, List<Member> instances) {

	/**
	 * A partition of the topic.
	 *
	 * @param number the number of the partition
	 * @param end the offset behind the last record that was committed
	 * @param lastPosition the position of the update in the last record; {@code null} if
	 * there is no record, or none that has one
	 * @param lastAt when the last record was written; {@code null} if there is none
	 * @param rate offsets per second; {@code null} if it is not known yet
	 */
	public record Partition(int number, long end, @Nullable Long lastPosition, @Nullable Instant lastAt,
			@Nullable Double rate) {

	}

	/**
	 * A group of consumers.
	 *
	 * @param name the name of the group
	 * @param state what the broker calls its state
	 * @param members the members
	 * @param progress the progress in the partitions of the topic, by their number
	 * @param lag the offsets that are not read yet, of all partitions; {@code null} if it
	 * is not known
	 * @param rate offsets per second of all partitions; {@code null} if it is not known
	 * yet
	 * @param deadLetters the dead letters; {@code null} if the group has no topic for
	 * them
	 * @param problem why parts are not known; {@code null} if they are
	 */
	public record Group(String name, String state, List<Member> members, List<Progress> progress, @Nullable Long lag,
			@Nullable Double rate, @Nullable DeadLetters deadLetters, @Nullable String problem) {

	}

	/**
	 * The progress of a group in a partition.
	 *
	 * @param partition the number of the partition
	 * @param committed the offset that it reads next; {@code null} if it has none
	 * @param lag the offsets from there to the last record, with the markers of
	 * transactions between them; 0 if the last record was read
	 * @param rate offsets per second; {@code null} if it is not known yet
	 * @param member the client that reads the partition; {@code null} if none does
	 */
	public record Progress(int partition, @Nullable Long committed, long lag, @Nullable Double rate,
			@Nullable String member) {

	}

	/**
	 * A member of a group.
	 *
	 * @param client the identifier of the client
	 * @param host the address of the client, as the broker sees it
	 * @param partitions the partitions of the topic that it reads
	 */
	public record Member(String client, String host, List<Integer> partitions) {

	}

	/**
	 * The dead letters of a group.
	 *
	 * @param letters the oldest ones first
	 * @param more whether there are more than those, or all are not read yet
	 */
	public record DeadLetters(List<DeadLetter> letters, boolean more) {

	}

}
