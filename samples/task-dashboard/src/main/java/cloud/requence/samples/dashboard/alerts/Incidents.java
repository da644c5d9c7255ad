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
package cloud.requence.samples.dashboard.alerts;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

import cloud.requence.samples.dashboard.alerts.AlertProperties.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The incidents that are open or were resolved lately, and which channels know of them.
 * They are in memory, so that notices are sent without the database, and are saved when
 * it is available. Safe for use by any thread.
 */
class Incidents {

	static final Duration LATELY = Duration.ofDays(1);

	private static final int MAX = 200;

	private static final int MAX_TRACKED = 1000;

	private static final Duration FIRST_DELAY = Duration.ofSeconds(15);

	private static final Duration LONGEST_DELAY = Duration.ofHours(1);

	private static final Comparator<Incident> ORDER = Comparator.comparing(Incident::isResolved)
		.thenComparing(Comparator.comparingLong(Incident::openedAt).reversed());

	private final Clock clock;

	private final Map<String, Tracked> tracked = new LinkedHashMap<>();

	private final Set<String> unsaved = new HashSet<>();

	/**
	 * Create incidents.
	 * @param known what the database has of an earlier run
	 * @param clock the clock
	 */
	Incidents(Collection<Tracked> known, Clock clock) {
		this.clock = clock;
		known.forEach((incident) -> this.tracked.put(incident.incident().id(), incident));
	}

	/**
	 * Open and resolve incidents.
	 * @param findings what the rules find
	 * @param applied whether the rules of a kind could be applied; incidents of others
	 * stay as they are
	 * @param resolveAfter how long a finding must be gone before its incident is resolved
	 */
	synchronized void update(List<Finding> findings, Predicate<Kind> applied, Duration resolveAfter) {
		long now = this.clock.millis();
		Map<String, Finding> found = new LinkedHashMap<>();
		findings.forEach((finding) -> found.put(key(finding.rule(), finding.name()), finding));
		int open = 0;
		for (Tracked known : List.copyOf(this.tracked.values())) {
			Incident incident = known.incident();
			if (incident.isResolved()) {
				continue;
			}
			Finding finding = found.remove(key(incident.rule(), incident.name()));
			if (finding != null) {
				put(known.with(incident.with(finding), now));
			}
			else if (!applied.test(Kind.of(incident.kind()))) {
				// Nothing is known of it, so the time until it is resolved begins again
				put(known.with(incident, now));
			}
			else if (known.lastSeenAt() <= now - resolveAfter.toMillis()) {
				put(known.with(incident.resolved(now), known.lastSeenAt()));
				continue;
			}
			open++;
		}
		for (Finding finding : found.values()) {
			// However many names fail, the watcher and the history have a place
			if (!finding.kind().needsHistory() || open < MAX) {
				open++;
				put(new Tracked(Incident.of(UUID.randomUUID().toString(), finding, now), now, Map.of()));
			}
		}
		forget(now);
	}

	private static String key(String rule, String name) {
		return rule + "\n" + name;
	}

	private void put(Tracked changed) {
		this.tracked.put(changed.incident().id(), changed);
		this.unsaved.add(changed.incident().id());
	}

	private void forget(long now) {
		int surplus = this.tracked.size() - MAX_TRACKED;
		for (Tracked known : List.copyOf(this.tracked.values())) {
			Long resolvedAt = known.incident().resolvedAt();
			if (resolvedAt != null && (surplus > 0 || resolvedAt <= now - LATELY.toMillis())) {
				this.tracked.remove(known.incident().id());
				surplus--;
			}
		}
		this.unsaved.retainAll(this.tracked.keySet());
	}

	/**
	 * Return the incidents that are open, and those that were resolved lately.
	 */
	synchronized List<Incident> current() {
		return this.tracked.values().stream().map(Tracked::incident).sorted(ORDER).limit(MAX).toList();
	}

	/**
	 * Return the incidents that a channel does not know in their present state and that
	 * are due.
	 */
	synchronized List<Incident> unknownTo(String channel) {
		long now = this.clock.millis();
		return this.tracked.values()
			.stream()
			.filter((known) -> isDue(known.incident(), known.notices().get(channel), now))
			.map(Tracked::incident)
			.sorted(ORDER)
			.limit(MAX)
			.toList();
	}

	private static boolean isDue(Incident incident, @Nullable Notice notice, long now) {
		if (notice == null) {
			return true;
		}
		boolean known = notice.sentAt() != null && (notice.resolved() || !incident.isResolved());
		return !known && notice.nextAt() <= now;
	}

	/**
	 * Remember the outcome of a notice.
	 * @param incident the incident
	 * @param channel the channel
	 * @param sent whether the channel has taken it
	 */
	synchronized void noticed(Incident incident, String channel, boolean sent) {
		Tracked known = this.tracked.get(incident.id());
		if (known == null) {
			return;
		}
		long now = this.clock.millis();
		Notice before = known.notices().getOrDefault(channel, Notice.NONE);
		Map<String, Notice> notices = new HashMap<>(known.notices());
		notices.put(channel, sent ? new Notice(now, 0, 0, incident.isResolved())
				: new Notice(before.sentAt(), before.attempts() + 1, now + delay(before.attempts()), false));
		put(new Tracked(known.incident(), known.lastSeenAt(), Map.copyOf(notices)));
	}

	private static long delay(int attempts) {
		return Math.min(LONGEST_DELAY.toMillis(), FIRST_DELAY.toMillis() << Math.min(attempts, 10));
	}

	/**
	 * Return what the database does not have yet.
	 */
	synchronized List<Tracked> unsaved() {
		return this.unsaved.stream().map(this.tracked::get).toList();
	}

	/**
	 * Remember what the database has.
	 * @param saved what {@link #unsaved()} has returned
	 */
	synchronized void saved(List<Tracked> saved) {
		for (Tracked incident : saved) {
			if (incident == this.tracked.get(incident.incident().id())) {
				this.unsaved.remove(incident.incident().id());
			}
		}
	}

	/**
	 * An incident with what is known of its notices.
	 *
	 * @param incident the incident
	 * @param lastSeenAt when its rule has found it last, in milliseconds since the epoch
	 * @param notices what was sent, by channel
	 */
	record Tracked(Incident incident, long lastSeenAt, Map<String, Notice> notices) {

		private Tracked with(Incident changed, long seenAt) {
			return new Tracked(changed, seenAt, this.notices);
		}

	}

	/**
	 * What a channel knows of an incident.
	 *
	 * @param sentAt when it has taken a notice; {@code null} if it has not
	 * @param attempts how many attempts have failed since then
	 * @param nextAt when the next attempt is due
	 * @param resolved whether it knows that the incident is resolved
	 */
	record Notice(@Nullable Long sentAt, int attempts, long nextAt, boolean resolved) {

		static final Notice NONE = new Notice(null, 0, 0, false);

	}

}
