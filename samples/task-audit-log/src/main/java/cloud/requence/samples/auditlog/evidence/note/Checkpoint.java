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

package cloud.requence.samples.auditlog.evidence.note;

import java.util.Arrays;
import java.util.Base64;

import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;
import org.jspecify.annotations.Nullable;

/**
 * A tree head as C2SP's <a href="https://c2sp.org/tlog-checkpoint">tlog-checkpoint</a>
 * writes it: origin, size and root, each on a line.
 *
 * @param origin the name of the log
 * @param size the number of its entries
 * @param root the root of its tree, 32 bytes
 */
public record Checkpoint(String origin, long size, byte[] root) {

	/**
	 * Return the text that is signed.
	 * @return three lines
	 */
	public String text() {
		return this.origin + "\n" + this.size + "\n" + Base64.getEncoder().encodeToString(this.root) + "\n";
	}

	/**
	 * Read a checkpoint. Further lines, which the format allows, are ignored.
	 * @param text the text of a note
	 * @return the checkpoint
	 * @throws IllegalArgumentException if it is none
	 */
	public static Checkpoint parse(String text) {
		String[] lines = text.split("\n", -1);
		if (lines.length < 4 || lines[0].isEmpty() || !lines[1].matches("0|[1-9][0-9]{0,17}")) {
			throw new IllegalArgumentException("Not a checkpoint: origin, size and root expected");
		}
		return new Checkpoint(lines[0], Long.parseLong(lines[1]), hash(lines[2]));
	}

	static byte[] hash(String base64) {
		byte[] hash = CanonicalBase64.decode(base64);
		if (hash.length != TreeHasher.LENGTH) {
			throw new IllegalArgumentException("A hash has " + TreeHasher.LENGTH + " bytes");
		}
		return hash;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Checkpoint checkpoint && this.origin.equals(checkpoint.origin)
				&& this.size == checkpoint.size && Arrays.equals(this.root, checkpoint.root);
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(this.root);
	}

	@Override
	public String toString() {
		return text().stripTrailing().replace('\n', ' ');
	}

}
