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

import java.util.Map;
import java.util.NavigableMap;

import cloud.requence.samples.auditlog.evidence.VerificationReport.Faults;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Compares accesses with the entries that have their hashes, in the order of these
 * entries. For one verification, in its transaction.
 */
final class AccessVerifier {

	private final JdbcTemplate jdbc;

	private final Faults faults;

	// The number of the last access that is compared; null if it is not known
	private @Nullable Long last;

	private long compared;

	/**
	 * Create a verifier.
	 * @param jdbc the database
	 * @param from the first entry that is verified
	 * @param faults collects the faults
	 */
	AccessVerifier(JdbcTemplate jdbc, long from, Faults faults) {
		this.jdbc = jdbc;
		this.faults = faults;
		this.last = lastBefore(from);
	}

	private @Nullable Long lastBefore(long from) {
		try {
			return AccessEvidence.lastBefore(this.jdbc, from);
		}
		catch (IllegalStateException ex) {
			// A fault of the verification of that entry
			return null;
		}
	}

	/**
	 * Compare the accesses that an entry is about.
	 * @param sequence the entry
	 * @param payload its payload, which has the hash that the entry states
	 */
	void verify(long sequence, byte[] payload) {
		NavigableMap<Long, String> rows;
		try {
			rows = AccessEvidence.read(payload);
		}
		catch (IllegalStateException ex) {
			this.faults.add("access", sequence, "This application has not written the payload");
			return;
		}
		long end = rows.lastKey();
		this.jdbc.query("select " + AccessEvidence.COLUMNS + " from access_log where id > ? and id <= ? order by id",
				(row) -> {
					String hash = rows.remove(row.getLong(1));
					if (hash == null) {
						this.faults.add("access", sequence, "Access " + row.getLong(1) + " was added later");
					}
					else if (!hash.equals(AccessEvidence.hash(row))) {
						this.faults.add("access", sequence, "Access " + row.getLong(1) + " was changed");
					}
					this.compared++;
				}, (this.last != null) ? this.last : rows.firstKey() - 1, end);
		this.last = end;
		for (Map.Entry<Long, String> missing : rows.entrySet()) {
			this.faults.add("access", sequence, "Access " + missing.getKey() + " is missing");
		}
	}

	/**
	 * Return how many accesses were compared.
	 */
	long compared() {
		return this.compared;
	}

	/**
	 * Return how many accesses are newer than the last entry of accesses.
	 */
	long newer() {
		if (this.last == null) {
			return 0;
		}
		Long newer = this.jdbc.queryForObject("select count(*) from access_log where id > ?", Long.class, this.last);
		return (newer != null) ? newer : 0;
	}

}
