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

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import cloud.requence.samples.auditlog.entry.Entry;
import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.entry.NewEntry;

/**
 * Entries for tests: tasks of three updates, the second of which has a node and no
 * payload, and a gap after each 25 updates.
 */
final class SampleEntries {

	private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");

	private SampleEntries() {
	}

	static List<NewEntry> of(int from, int count) {
		return IntStream.range(from, from + count).mapToObj(SampleEntries::of).toList();
	}

	private static NewEntry of(int number) {
		Instant time = START.plusMillis(number);
		if (number % 25 == 24) {
			return new NewEntry(
					new Entry(0, EntryKind.GAP, null, null, null, time, null, null, null, null, null, null, null,
							"POSITION_REFUSED", (long) number, number + 1L, time.minusSeconds(5), time, null, null, 0),
					null);
		}
		boolean node = number % 3 == 1;
		Entry entry = new Entry(0, EntryKind.UPDATE, 1000L + number, "update-" + number, time, time.plusMillis(3),
				"task-" + number / 3, "task-" + number / 3, "invoice", node ? "NODE_START" : "TASK_END",
				node ? "node-" + number : null, node ? "ocr" : null, node ? null : "ended", null, null, null, null,
				null, null, null, 0);
		String payload = "{\"number\":" + number + ",\"customer\":\"Müller \\u00e9\",\"amount\":1.50}";
		return new NewEntry(entry, node ? null : payload.getBytes(StandardCharsets.UTF_8));
	}

}
