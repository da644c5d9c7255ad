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

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a verification has found, and what it cannot prove.
 *
 * @param subject what was verified: the database or an export
 * @param from the first entry that was verified
 * @param size the size of the tree that the entries belong to
 * @param entries the number of entries that were verified
 * @param anchors the number of anchors that fit
 * @param anchoredSize the size of the newest anchor that fits, 0 if there is none
 * @param erased the number of payloads that were erased; of an export, of those that are
 * not in it
 * @param gaps the number of gaps in the log
 * @param accesses the number of accesses that were compared with their hashes
 * @param newAccesses the number of accesses that no entry has the hash of yet
 * @param faultCount the number of faults
 * @param faults the first faults, in the order of the entries; at most 100
 */
public record VerificationReport(String subject, long from, long size, long entries, int anchors, long anchoredSize,
		long erased, long gaps, long accesses, long newAccesses, long faultCount, List<Fault> faults) {

	/**
	 * Return whether everything fits.
	 * @return whether there is no fault
	 */
	public boolean valid() {
		return this.faultCount == 0;
	}

	/**
	 * Return the first row that does not fit.
	 * @return the fault; null if there is none
	 */
	public @Nullable Fault firstFault() {
		return this.faults.isEmpty() ? null : this.faults.get(0);
	}

	/**
	 * Return what this verification does not prove.
	 * @return sentences
	 */
	public List<String> limits() {
		List<String> limits = new ArrayList<>();
		if (this.anchoredSize == 0) {
			limits.add(
					"No anchor was checked: a person who can write to all of this could have rewritten it consistently.");
		}
		else if (this.anchoredSize < this.size) {
			limits.add("Entries #" + this.anchoredSize + " to #" + (this.size - 1) + " are newer than the last anchor: "
					+ "a person who can write to all of this could have rewritten these consistently.");
		}
		if (this.subject.startsWith("export")) {
			limits.add("That the export has everything that its query matches: what it contains is proven.");
			if (this.erased > 0) {
				limits.add(this.erased + " payloads are not in the export: they were erased, or removed from it. "
						+ "Their hashes are proven, their content is not.");
			}
		}
		else if (this.erased > 0) {
			limits.add(this.erased + " payloads were erased: their hashes are proven, their content is not.");
		}
		if (this.newAccesses > 0) {
			limits.add(this.newAccesses + " accesses are not part of the log yet: "
					+ "a person who can write to all of this could have changed or removed these.");
		}
		limits.add("What the platform has not sent is not here" + ((this.gaps > 0)
				? "; " + this.gaps + " entries say where updates may be missing." : "; no gap was recorded."));
		limits.add("That an entry is true when it is recorded: times are those of the platform and of the recorder.");
		return limits;
	}

	/**
	 * Return the report as lines of text.
	 * @return what a person reads
	 */
	public String text() {
		StringBuilder text = new StringBuilder(valid() ? "VALID" : "NOT VALID").append(": ")
			.append(this.subject)
			.append(", ")
			.append(this.entries)
			.append(" entries from #")
			.append(this.from)
			.append(" of a tree of ")
			.append(this.size)
			.append(", ")
			.append(this.anchors)
			.append(" anchors up to ")
			.append(this.anchoredSize)
			.append('\n');
		this.faults.forEach((fault) -> text.append("FAULT: ").append(fault).append('\n'));
		if (this.faultCount > this.faults.size()) {
			text.append("and ").append(this.faultCount - this.faults.size()).append(" more faults\n");
		}
		limits().forEach((limit) -> text.append("Not proven: ").append(limit).append('\n'));
		return text.toString();
	}

	/**
	 * What does not fit.
	 *
	 * @param table the table: entry, payload, file, access, tree, tile, or anchor
	 * @param sequence the sequence of the entry; the first of several if they cannot be
	 * told apart
	 * @param last the last of the entries among which the fault is
	 * @param problem what is wrong
	 */
	public record Fault(String table, long sequence, long last, String problem) {

		@Override
		public String toString() {
			String entries = (this.sequence == this.last) ? "#" + this.sequence
					: "#" + this.sequence + " to #" + this.last;
			return this.table + " " + entries + ": " + this.problem;
		}

	}

	/**
	 * Collects the faults of a verification. For one thread.
	 */
	static final class Faults {

		private static final int KEPT = 100;

		private final List<Fault> first = new ArrayList<>();

		private long count;

		void add(String table, long sequence, String problem) {
			add(table, sequence, sequence, problem);
		}

		void add(String table, long sequence, long last, String problem) {
			this.count++;
			if (this.first.size() < KEPT) {
				this.first.add(new Fault(table, sequence, last, problem));
			}
		}

		long count() {
			return this.count;
		}

		List<Fault> sorted() {
			// The one that is certain to be first, and of several about the same entries
			// the most precise
			return this.first.stream()
				.sorted(Comparator.comparingLong(Fault::last)
					.thenComparing(Comparator.comparingLong(Fault::sequence).reversed()))
				.toList();
		}

	}

}
