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

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.evidence.note.Anchor;
import cloud.requence.samples.auditlog.evidence.note.Checkpoint;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Stores tree heads in one place out of reach of the database. A head is stored only if
 * it extends the one that is there: after the log was rewritten, nothing is stored and
 * health says why. One thread anchors; any thread reads the problem.
 */
final class Anchoring {

	private static final Logger logger = LoggerFactory.getLogger(Anchoring.class);

	private final TreeHeads heads;

	private final AnchorStore store;

	private final JdbcTemplate jdbc;

	private final Clock clock;

	private volatile @Nullable String problem;

	private volatile long failures;

	Anchoring(TreeHeads heads, AnchorStore store, DataSource dataSource, Clock clock) {
		this.heads = heads;
		this.store = store;
		this.jdbc = new JdbcTemplate(dataSource);
		this.clock = clock;
	}

	/**
	 * Store the newest tree head, unless it is there.
	 */
	synchronized void anchor() {
		try {
			anchorNewest();
			if (this.problem != null) {
				logger.info("Tree heads are stored in {} again", this.store);
			}
			this.problem = null;
		}
		catch (IOException | RuntimeException ex) {
			String found = String.valueOf(ex.getMessage());
			if (!found.equals(this.problem)) {
				logger.warn("The newest tree head was not stored in {}. It is tried again: {}", this.store, found);
			}
			this.problem = found;
			this.failures++;
		}
	}

	private void anchorNewest() throws IOException {
		// Read before the store, to which another instance may add meanwhile
		long recorded = recorded();
		String last = this.store.last();
		Checkpoint previous = (last != null) ? Anchor.parse(last, this.heads.keys()).head().checkpoint() : null;
		if (recorded > ((previous != null) ? previous.size() : 0)) {
			throw new IOException("the anchor of size " + recorded + ", which was stored there, is missing. Restore it "
					+ "from a copy, let all instances share the place of the anchors, or set another place");
		}
		Anchor anchor = this.heads.next(previous);
		long size = anchor.head().checkpoint().size();
		if (size == 0 || (previous != null && size == previous.size())) {
			return;
		}
		this.store.add(size, anchor.text());
		Instant now = this.clock.instant();
		this.jdbc.update("insert into anchor (size, target, anchored_at) values (?, ?, ?) on conflict do nothing", size,
				this.store.toString(), now.atOffset(ZoneOffset.UTC));
		logger.debug("The tree head of size {} is stored in {}", size, this.store);
	}

	private long recorded() {
		Long size = this.jdbc.queryForObject("select coalesce(max(size), 0) from anchor where target = ?", Long.class,
				this.store.toString());
		return (size != null) ? size : 0;
	}

	/**
	 * Return why the last attempt failed.
	 * @return the problem; null if there is none
	 */
	@Nullable String problem() {
		return this.problem;
	}

	long failures() {
		return this.failures;
	}

	AnchorStore store() {
		return this.store;
	}

}
