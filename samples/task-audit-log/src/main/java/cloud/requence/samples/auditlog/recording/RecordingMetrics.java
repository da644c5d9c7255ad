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
package cloud.requence.samples.auditlog.recording;

import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import cloud.requence.samples.auditlog.entry.EntryKind;
import cloud.requence.samples.auditlog.entry.NewEntry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;

/**
 * What this instance has recorded: entries by kind, the bytes of their payloads, how long
 * the statements of a transaction take, and when the last one was committed.
 */
final class RecordingMetrics {

	private final Clock clock;

	private final Map<EntryKind, Counter> entries = new EnumMap<>(EntryKind.class);

	private final Counter bytes;

	private final Timer append;

	// In milliseconds, zero before the first transaction
	private final AtomicLong lastCommit = new AtomicLong();

	RecordingMetrics(MeterRegistry registry, Clock clock) {
		this.clock = clock;
		for (EntryKind kind : EntryKind.values()) {
			this.entries.put(kind,
					Counter.builder("audit.entries")
						.description("Entries that were recorded")
						.tag("kind", kind.name().toLowerCase(Locale.ROOT))
						.register(registry));
		}
		this.bytes = Counter.builder("audit.payloads")
			.description("Payloads that were recorded")
			.baseUnit("bytes")
			.register(registry);
		this.append = Timer.builder("audit.append")
			.description("Statements that record the updates of a transaction")
			.register(registry);
		TimeGauge.builder("audit.last.commit", this.lastCommit, TimeUnit.MILLISECONDS, AtomicLong::doubleValue)
			.description("When updates were recorded last, since 1970; zero if none were since the start")
			.register(registry);
	}

	void time(Runnable append) {
		this.append.record(append);
	}

	void committed(List<NewEntry> recorded) {
		for (NewEntry entry : recorded) {
			Objects.requireNonNull(this.entries.get(entry.entry().kind())).increment();
			byte[] payload = entry.payload();
			if (payload != null) {
				this.bytes.increment(payload.length);
			}
		}
		this.lastCommit.set(this.clock.millis());
	}

}
