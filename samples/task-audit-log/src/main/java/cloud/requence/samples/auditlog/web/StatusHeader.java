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

import cloud.requence.samples.auditlog.evidence.VerificationStatus;
import cloud.requence.samples.auditlog.evidence.VerificationStatus.Verified;
import cloud.requence.samples.auditlog.search.BusyException;
import cloud.requence.samples.auditlog.search.EntrySearch;
import cloud.requence.task.TaskWatcher;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.ui.Model;

/**
 * Says at the head of each page what the log as a whole is worth: how far it reaches,
 * what is missing, and what is proven. Each page states it as it is, and what is not
 * known it calls unknown.
 */
@Component
class StatusHeader {

	private final EntrySearch search;

	private final VerificationStatus evidence;

	private final ObjectProvider<TaskWatcher> watcher;

	private final Clock clock;

	StatusHeader(EntrySearch search, VerificationStatus evidence, ObjectProvider<TaskWatcher> watcher,
			ObjectProvider<Clock> clock) {
		this.search = search;
		this.evidence = evidence;
		this.watcher = watcher;
		this.clock = clock.getIfAvailable(Clock::systemUTC);
	}

	/**
	 * Add what a page shows at its head.
	 */
	void addTo(Model model) {
		this.watcher.ifUnique((recorder) -> model.addAttribute("recording", RecordingState.of(recorder.status())));
		// The head of a page that reports a failure of the database does not fail, too
		try {
			model.addAttribute("summary", this.search.summary());
			Verified verified = this.evidence.verified();
			// Of an empty log nothing is verified
			boolean any = verified != null && (verified.size() > 0 || verified.failure() != null);
			model.addAttribute("verified", any ? verified : null);
			model.addAttribute("anchored", this.evidence.anchored());
		}
		catch (DataAccessException | TransactionException | BusyException ex) {
			model.asMap().remove("summary");
		}
	}

	Instant now() {
		return this.clock.instant();
	}

}
