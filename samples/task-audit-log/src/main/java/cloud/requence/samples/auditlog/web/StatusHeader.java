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

package cloud.requence.samples.auditlog.web;

import java.time.Clock;
import java.time.Instant;
import java.util.function.Supplier;

import cloud.requence.samples.auditlog.search.EntrySearch;
import cloud.requence.samples.auditlog.search.LogSummary;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

import cloud.requence.samples.auditlog.search.BusyException;

/**
 * Says at the head of each page what the log as a whole is worth: how far it reaches,
 * what is missing, and what is proven. Each page states it as it is, and what is not
 * known it calls unknown.
 */
@Component
class StatusHeader {

	private final EntrySearch search;

	private final Supplier<EvidenceStatus> evidence;

	private final Clock clock;

	StatusHeader(EntrySearch search, ObjectProvider<Supplier<EvidenceStatus>> evidence, ObjectProvider<Clock> clock) {
		this.search = search;
		this.evidence = evidence.getIfAvailable(() -> () -> new EvidenceStatus(null, null));
		this.clock = clock.getIfAvailable(Clock::systemUTC);
	}

	/**
	 * Add what a page shows at its head.
	 */
	void addTo(Model model) {
		model.addAttribute("summary", summary());
		model.addAttribute("evidence", this.evidence.get());
	}

	Instant now() {
		return this.clock.instant();
	}

	// The head of a page that reports a failure of the database does not fail, too
	private @Nullable LogSummary summary() {
		try {
			return this.search.summary();
		}
		catch (DataAccessException | BusyException ex) {
			return null;
		}
	}

}
