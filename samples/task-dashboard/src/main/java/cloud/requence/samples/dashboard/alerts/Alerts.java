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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import cloud.requence.task.TaskWatcherStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.annotation.Scheduled;

/**
 * Applies the rules every few seconds, and tells each channel once of each incident: what
 * is new or resolved at a time is one notice. What a channel does not take is sent again
 * later. Notices do not wait for the database: after a crash without it, the latest ones
 * are sent again.
 */
class Alerts {

	private static final Logger logger = LoggerFactory.getLogger(Alerts.class);

	private final Supplier<TaskWatcherStatus> status;

	private final AlertRules rules;

	private final Incidents incidents;

	private final IncidentStore store;

	private final HistoryLine history;

	private final List<AlertChannel> channels;

	private final Duration resolveAfter;

	private final Clock clock;

	Alerts(Supplier<TaskWatcherStatus> status, AlertRules rules, Incidents incidents, IncidentStore store,
			HistoryLine history, List<AlertChannel> channels, Duration resolveAfter, Clock clock) {
		this.status = status;
		this.rules = rules;
		this.incidents = incidents;
		this.store = store;
		this.history = history;
		this.channels = channels;
		this.resolveAfter = resolveAfter;
		this.clock = clock;
	}

	@Scheduled(fixedDelayString = "${dashboard.alerts.interval:15s}",
			initialDelayString = "${dashboard.alerts.interval:15s}")
	void check() {
		TaskWatcherStatus now = this.status.get();
		Sight sight = Sight.of(now, this.clock.instant());
		List<Finding> ofTasks = sight.isClear() ? this.history.ask(this.rules::ofTasks) : null;
		List<Finding> findings = new ArrayList<>(this.rules.ofWatcher(now, sight, this.history.goneSince()));
		if (ofTasks != null) {
			findings.addAll(ofTasks);
		}
		this.incidents.update(findings,
				(kind) -> kind.needsHistory() ? ofTasks != null : !kind.needsSight() || sight.isClear(),
				this.resolveAfter);
		this.channels.forEach(this::tell);
		save(ofTasks != null || !sight.isClear());
	}

	/**
	 * Save what has changed. A database that refuses to write is unavailable as well.
	 */
	private void save(boolean answered) {
		List<Incidents.Tracked> unsaved = this.incidents.unsaved();
		Boolean saved = this.history.ask(() -> {
			this.store.save(unsaved);
			return true;
		});
		if (saved != null) {
			this.incidents.saved(unsaved);
			if (answered) {
				this.history.answered();
			}
		}
	}

	private void tell(AlertChannel channel) {
		List<Incident> unknown = this.incidents.unknownTo(channel.name());
		if (unknown.isEmpty()) {
			return;
		}
		boolean sent = false;
		try {
			channel.send(unknown);
			sent = true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Exception ex) {
			logger.warn("The notice about {} incidents could not be sent to the {} and is sent later: {}",
					unknown.size(), channel.name(), ex.toString());
		}
		for (Incident incident : unknown) {
			this.incidents.noticed(incident, channel.name(), sent);
		}
	}

}
