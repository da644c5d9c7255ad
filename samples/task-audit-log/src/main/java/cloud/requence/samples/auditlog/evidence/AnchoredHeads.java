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

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

import cloud.requence.samples.auditlog.evidence.VerificationReport.Faults;
import cloud.requence.samples.auditlog.evidence.merkle.CompactRange;
import cloud.requence.samples.auditlog.evidence.note.Anchor;
import cloud.requence.samples.auditlog.evidence.note.Checkpoint;
import cloud.requence.samples.auditlog.evidence.note.VerifierKey;
import org.jspecify.annotations.Nullable;

/**
 * The heads that are kept elsewhere, to compare a log with. For one thread.
 */
final class AnchoredHeads {

	private final NavigableMap<Long, Checkpoint> heads = new TreeMap<>();

	private final Faults faults;

	private int matched;

	private long matchedSize;

	private @Nullable String origin;

	AnchoredHeads(Faults faults) {
		this.faults = faults;
	}

	/**
	 * Add an anchor. Anchors are added in the order of their sizes: each is checked
	 * against the one before, if that is there.
	 * @param name where it comes from
	 * @param text the anchor
	 */
	void add(String name, String text, Collection<VerifierKey> keys) {
		Anchor anchor;
		try {
			anchor = Anchor.parse(text, keys);
		}
		catch (IllegalArgumentException ex) {
			this.faults.add("anchor", 0, name + " cannot be used: " + ex.getMessage());
			return;
		}
		Checkpoint head = anchor.head().checkpoint();
		if (this.origin != null && !this.origin.equals(head.origin())) {
			this.faults.add("anchor", head.size(), name + " is of another log: " + head.origin());
			return;
		}
		this.origin = head.origin();
		Checkpoint previous = this.heads.get(anchor.previousSize());
		if (previous != null && !anchor.extendsTree(previous)) {
			this.faults.add("anchor", previous.size(), head.size() - 1,
					name + " does not extend the anchor of size " + previous.size());
		}
		Checkpoint other = this.heads.put(head.size(), head);
		if (other != null && !other.equals(head)) {
			this.faults.add("anchor", head.size(), "Two anchors of size " + head.size() + " have different roots");
		}
	}

	/**
	 * Compare the head of the same size, if there is one.
	 * @return whether none differs
	 */
	boolean matches(CompactRange range) {
		Checkpoint head = this.heads.get(range.size());
		if (head == null) {
			return true;
		}
		if (!Arrays.equals(head.root(), range.root())) {
			this.faults.add("anchor", this.matchedSize, range.size() - 1,
					"The anchor of size " + range.size() + " has another root: entries were changed or exchanged");
			return false;
		}
		this.matched++;
		this.matchedSize = range.size();
		return true;
	}

	/**
	 * Return the head of a size.
	 */
	@Nullable Checkpoint at(long size) {
		return this.heads.get(size);
	}

	void finish(long size) {
		for (Map.Entry<Long, Checkpoint> missing : this.heads.tailMap(size, false).entrySet()) {
			this.faults.add("anchor", size, missing.getKey() - 1,
					"The anchor of size " + missing.getKey() + " has more entries than the log: entries were removed");
		}
	}

	int matched() {
		return this.matched;
	}

	long matchedSize() {
		return this.matchedSize;
	}

}
