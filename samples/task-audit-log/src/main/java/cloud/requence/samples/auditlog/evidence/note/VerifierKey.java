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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

import cloud.requence.samples.auditlog.evidence.merkle.TreeHasher;

/**
 * A public key that notes are verified with, written as Go's {@code sumdb/note} does:
 * {@code <name>+<hash>+<key>}. The hash, 4 bytes, is what a signature names the key by.
 */
public final class VerifierKey {

	// The algorithm of C2SP signed notes that each verifier knows.
	private static final byte ED25519 = 1;

	// What precedes the 32 bytes of a key in its X.509 form.
	private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

	private final String name;

	private final byte[] key;

	private final PublicKey publicKey;

	private VerifierKey(String name, byte[] key) {
		if (name.isEmpty() || name.chars().anyMatch((c) -> c == '+' || Character.isWhitespace(c) || c < ' ')) {
			throw new IllegalArgumentException("The name of a key has neither spaces nor '+': '" + name + "'");
		}
		this.name = name;
		this.key = key;
		byte[] x509 = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + key.length);
		System.arraycopy(key, 0, x509, X509_PREFIX.length, key.length);
		try {
			this.publicKey = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalArgumentException("Not an Ed25519 key: " + name, ex);
		}
	}

	static VerifierKey of(String name, PublicKey publicKey) {
		byte[] x509 = publicKey.getEncoded();
		return new VerifierKey(name, Arrays.copyOfRange(x509, X509_PREFIX.length, x509.length));
	}

	/**
	 * Read a key.
	 * @param text {@code <name>+<hash>+<key>}
	 * @return the key
	 * @throws IllegalArgumentException if it is none, or its hash is not its own
	 */
	public static VerifierKey parse(String text) {
		String[] parts = text.strip().split("\\+", 3);
		if (parts.length == 3) {
			byte[] key = CanonicalBase64.decode(parts[2]);
			if (key.length == 33 && key[0] == ED25519) {
				VerifierKey parsed = new VerifierKey(parts[0], Arrays.copyOfRange(key, 1, key.length));
				if (parsed.toString().equals(text.strip())) {
					return parsed;
				}
			}
		}
		throw new IllegalArgumentException("Not a verifier key, which is <name>+<hash>+<key>: '" + text + "'");
	}

	/**
	 * Return the name of the key, which is the origin of the log.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	byte[] hash() {
		MessageDigest digest = TreeHasher.sha256();
		digest.update((this.name + "\n").getBytes(StandardCharsets.UTF_8));
		return Arrays.copyOf(digest.digest(typedKey()), 4);
	}

	private byte[] typedKey() {
		return ByteBuffer.allocate(1 + this.key.length).put(ED25519).put(this.key).array();
	}

	boolean verifies(byte[] text, byte[] signature) {
		try {
			Signature verifier = Signature.getInstance("Ed25519");
			verifier.initVerify(this.publicKey);
			verifier.update(text);
			return verifier.verify(signature);
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

	@Override
	public String toString() {
		return this.name + "+" + HexFormat.of().formatHex(hash()) + "+"
				+ Base64.getEncoder().encodeToString(typedKey());
	}

}
