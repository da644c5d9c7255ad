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

package cloud.requence.samples.auditlog.evidence.merkle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The hashes of RFC 9162, section 2.1.1: SHA-256 with the prefix 0x00 for leaves and 0x01
 * for interior nodes. For one thread at a time.
 */
public final class TreeHasher {

	/** The length of a hash in bytes. */
	public static final int LENGTH = 32;

	private final MessageDigest digest = sha256();

	/**
	 * Return the hash of a leaf.
	 * @param data the leaf
	 * @return 32 bytes
	 */
	public byte[] leaf(byte[] data) {
		this.digest.update((byte) 0);
		return this.digest.digest(data);
	}

	/**
	 * Return the hash of an interior node.
	 * @param left the hash of its left child
	 * @param right the hash of its right child
	 * @return 32 bytes
	 */
	public byte[] node(byte[] left, byte[] right) {
		this.digest.update((byte) 1);
		this.digest.update(left);
		return this.digest.digest(right);
	}

	/**
	 * Return the root of a tree without leaves.
	 * @return the hash of nothing
	 */
	public byte[] empty() {
		return this.digest.digest();
	}

	/**
	 * Return a new digest of the algorithm that each Java platform has.
	 * @return SHA-256
	 */
	public static MessageDigest sha256() {
		try {
			return MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
