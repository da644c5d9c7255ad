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
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.util.Base64;

/**
 * A private key that signs notes. Its public key, which Java does not derive from it, is
 * computed by generating a key pair of the same seed.
 */
public final class SigningKey {

	private final PrivateKey privateKey;

	private final VerifierKey verifierKey;

	/**
	 * Create a signer.
	 * @param name the name of the key
	 * @param privateKey an Ed25519 key
	 * @throws IllegalArgumentException if it is of another algorithm
	 */
	public SigningKey(String name, PrivateKey privateKey) {
		if (!(privateKey instanceof EdECPrivateKey key) || !key.getParams().getName().equalsIgnoreCase("Ed25519")) {
			throw new IllegalArgumentException("The key that signs tree heads is an Ed25519 key in PKCS#8");
		}
		byte[] seed = key.getBytes()
			.orElseThrow(() -> new IllegalArgumentException("The key that signs tree heads has no bytes"));
		this.privateKey = privateKey;
		this.verifierKey = VerifierKey.of(name, keyPair(new SeedRandom(seed)).getPublic());
		byte[] probe = name.getBytes(StandardCharsets.UTF_8);
		if (!this.verifierKey.verifies(probe, signature(probe))) {
			throw new IllegalStateException("The public key of '" + name + "' was not found");
		}
	}

	/**
	 * Generate a key.
	 * @return a new Ed25519 key
	 */
	public static PrivateKey generate() {
		return keyPair(new SecureRandom()).getPrivate();
	}

	private static KeyPair keyPair(SecureRandom random) {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
			generator.initialize(255, random);
			return generator.generateKeyPair();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Return the public key.
	 * @return what the notes of this key are verified with
	 */
	public VerifierKey verifierKey() {
		return this.verifierKey;
	}

	/**
	 * Sign a checkpoint.
	 * @param checkpoint the checkpoint
	 * @return a signed note
	 */
	public String sign(Checkpoint checkpoint) {
		String text = checkpoint.text();
		byte[] signature = signature(text.getBytes(StandardCharsets.UTF_8));
		byte[] line = ByteBuffer.allocate(4 + signature.length).put(this.verifierKey.hash()).put(signature).array();
		return text + "\n\u2014 " + this.verifierKey.name() + " " + Base64.getEncoder().encodeToString(line) + "\n";
	}

	private byte[] signature(byte[] text) {
		try {
			Signature signer = Signature.getInstance("Ed25519");
			signer.initSign(this.privateKey);
			signer.update(text);
			return signer.sign();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("A tree head cannot be signed", ex);
		}
	}

	private static final class SeedRandom extends SecureRandom {

		private static final long serialVersionUID = 1L;

		private final byte[] seed;

		SeedRandom(byte[] seed) {
			this.seed = seed.clone();
		}

		@Override
		public void nextBytes(byte[] bytes) {
			System.arraycopy(this.seed, 0, bytes, 0, bytes.length);
		}

	}

}
