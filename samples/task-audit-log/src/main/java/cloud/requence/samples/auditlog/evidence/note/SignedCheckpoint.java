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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * A checkpoint with its signatures: a C2SP <a href="https://c2sp.org/signed-note">signed
 * note</a>.
 *
 * @param checkpoint the checkpoint, signed by a key that is known
 * @param note the note as it was read
 */
public record SignedCheckpoint(Checkpoint checkpoint, String note) {

	private static final String SIGNATURE_PREFIX = "\u2014 ";

	private static final int MAX_LENGTH = 100_000;

	/**
	 * Sign a checkpoint.
	 * @param checkpoint the checkpoint
	 * @param key the key
	 * @return the checkpoint with the signature
	 */
	public static SignedCheckpoint of(Checkpoint checkpoint, SigningKey key) {
		return new SignedCheckpoint(checkpoint, key.sign(checkpoint));
	}

	/**
	 * Read a note and verify it. Signatures of unknown keys are ignored, such as those of
	 * witnesses.
	 * @param note the note
	 * @param keys the keys of the log: the current one and former ones
	 * @return the checkpoint
	 * @throws IllegalArgumentException if it is no checkpoint, none of the keys has
	 * signed it, or a signature of one of them is wrong
	 */
	public static SignedCheckpoint open(String note, Collection<VerifierKey> keys) {
		int end = note.lastIndexOf("\n\n");
		if (end < 0 || note.length() > MAX_LENGTH || !note.endsWith("\n")) {
			throw new IllegalArgumentException("Not a signed note");
		}
		String text = note.substring(0, end + 1);
		Checkpoint checkpoint = Checkpoint.parse(text);
		boolean verified = false;
		for (String line : note.substring(end + 2).split("\n")) {
			String[] parts = line.startsWith(SIGNATURE_PREFIX) ? line.substring(2).split(" ", 2) : new String[0];
			if (parts.length != 2) {
				throw new IllegalArgumentException("Not a signature line: '" + line + "'");
			}
			byte[] signature = CanonicalBase64.decode(parts[1]);
			for (VerifierKey key : keys) {
				if (key.name().equals(parts[0]) && signature.length > 4
						&& Arrays.equals(key.hash(), Arrays.copyOf(signature, 4))) {
					verify(key, text, Arrays.copyOfRange(signature, 4, signature.length));
					verified = true;
				}
			}
		}
		if (!verified) {
			throw new IllegalArgumentException("No known key has signed the tree head of size " + checkpoint.size());
		}
		return new SignedCheckpoint(checkpoint, note);
	}

	private static void verify(VerifierKey key, String text, byte[] signature) {
		if (!key.verifies(text.getBytes(StandardCharsets.UTF_8), signature)) {
			throw new IllegalArgumentException("The signature of '" + key.name() + "' is wrong");
		}
	}

}
