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

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import cloud.requence.task.TaskWatcherStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Applies the rules every few seconds, and tells each channel once of each incident: what
 * is new or resolved at a time is one notice. What a channel does not take is sent again
 * later.
 */
class Alerts {

	private static final Logger logger = LoggerFactory.getLogger(Alerts.class);

	private final Supplier<TaskWatcherStatus> status;

	private final AlertRules rules;

	private final Incidents incidents;

	private final List<AlertChannel> channels;

	private final Duration resolveAfter;

	private final TransactionOperations transactions;

	Alerts(Supplier<TaskWatcherStatus> status, AlertRules rules, Incidents incidents, List<AlertChannel> channels,
			Duration resolveAfter, TransactionOperations transactions) {
		this.status = status;
		this.rules = rules;
		this.incidents = incidents;
		this.channels = channels;
		this.resolveAfter = resolveAfter;
		this.transactions = transactions;
	}

	@Scheduled(fixedDelayString = "${dashboard.alerts.interval:15s}",
			initialDelayString = "${dashboard.alerts.interval:15s}")
	void check() {
		try {
			TaskWatcherStatus now = this.status.get();
			Sight sight = Sight.of(now);
			List<Finding> findings = this.rules.findings(now, sight);
			this.transactions
				.executeWithoutResult((transaction) -> this.incidents.update(findings, sight, this.resolveAfter));
			this.channels.forEach(this::tell);
		}
		catch (DataAccessException | TransactionException ex) {
			logger.warn("Alerts cannot be checked and are checked later: {}", ex.getMessage());
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
