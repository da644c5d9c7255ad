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

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which payloads were erased, as the entries of erasures say. The payload of such an
 * entry is {@code {"by":…,"reason":…,"erased":[[first,last],…]}}. For one thread.
 */
final class ErasedEntries {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	// First and last of each range. Ranges neither overlap nor touch.
	private final TreeMap<Long, Long> ranges = new TreeMap<>();

	/**
	 * Write the payload of an erasure.
	 */
	static byte[] payload(String by, String reason, List<Range> erased) {
		List<List<Long>> pairs = erased.stream().map((range) -> List.of(range.first(), range.last())).toList();
		Map<String, Object> members = new TreeMap<>();
		members.put("by", by);
		members.put("erased", pairs);
		members.put("reason", reason);
		return MAPPER.writeValueAsBytes(members);
	}

	/**
	 * Add what the payload of an erasure says. A payload that says nothing adds nothing:
	 * whether it is genuine is seen at its entry.
	 */
	void add(byte[] payload) {
		try {
			for (JsonNode pair : MAPPER.readTree(payload).path("erased")) {
				if (pair.path(0).canConvertToLong() && pair.path(1).canConvertToLong()) {
					add(pair.path(0).longValue(), pair.path(1).longValue());
				}
			}
		}
		catch (JacksonException ex) {
			return;
		}
	}

	void add(long first, long last) {
		if (first > last) {
			return;
		}
		Map.Entry<Long, Long> before = this.ranges.floorEntry(first);
		if (before != null && before.getValue() >= first - 1) {
			first = before.getKey();
			last = Math.max(last, before.getValue());
		}
		for (Map.Entry<Long, Long> next = this.ranges.ceilingEntry(first); next != null
				&& next.getKey() - 1 <= last; next = this.ranges.ceilingEntry(first)) {
			last = Math.max(last, next.getValue());
			this.ranges.remove(next.getKey());
		}
		this.ranges.put(first, last);
	}

	boolean contains(long sequence) {
		Map.Entry<Long, Long> range = this.ranges.floorEntry(sequence);
		return range != null && range.getValue() >= sequence;
	}

	/**
	 * Entries that follow each other.
	 *
	 * @param first the sequence of the first
	 * @param last the sequence of the last
	 */
	record Range(long first, long last) {
	}

}
