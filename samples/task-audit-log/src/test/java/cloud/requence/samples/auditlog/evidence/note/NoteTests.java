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
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Signed notes, against the example of Go's {@code sumdb/note} and against changes.
 */
class NoteTests {

	private static final String ORIGIN = "example.com/audit-log";

	private final SigningKey key = new SigningKey(ORIGIN, SigningKey.generate());

	private final Checkpoint checkpoint = new Checkpoint(ORIGIN, 20852163, new byte[32]);

	@Test
	void verifiesTheExampleOfGo() {
		VerifierKey known = VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
		String text = "If you think cryptography is the answer to your problem,\n"
				+ "then you don't know what your problem is.\n";
		byte[] signature = Base64.getDecoder()
			.decode("x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=");
		assertThat(known.hash()).isEqualTo(Arrays.copyOf(signature, 4));
		assertThat(known.verifies(text.getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(signature, 4, 68)))
			.isTrue();
		assertThat(known.verifies(text.getBytes(StandardCharsets.UTF_8), new byte[64])).isFalse();
	}

	@Test
	void opensWhatItHasSigned() {
		SignedCheckpoint signed = SignedCheckpoint.of(this.checkpoint, this.key);
		assertThat(signed.note())
			.startsWith(ORIGIN + "\n20852163\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 " + ORIGIN + " ");
		assertThat(SignedCheckpoint.open(signed.note(), List.of(parsedKey())).checkpoint()).isEqualTo(this.checkpoint);
	}

	@Test
	void opensWhatAFormerKeyHasSigned() {
		VerifierKey next = new SigningKey(ORIGIN, SigningKey.generate()).verifierKey();
		SignedCheckpoint signed = SignedCheckpoint.of(this.checkpoint, this.key);
		assertThat(SignedCheckpoint.open(signed.note(), List.of(next, parsedKey()))).isEqualTo(signed);
		assertThatIllegalArgumentException().isThrownBy(() -> SignedCheckpoint.open(signed.note(), List.of(next)))
			.withMessageContaining("No known key");
	}

	@Test
	void ignoresSignaturesOfUnknownKeys() {
		String note = SignedCheckpoint.of(this.checkpoint, this.key).note();
		String witness = new SigningKey("witness.example", SigningKey.generate()).sign(this.checkpoint);
		String both = note + witness.substring(witness.indexOf("\u2014"));
		assertThat(SignedCheckpoint.open(both, List.of(parsedKey())).note()).isEqualTo(both);
	}

	@Test
	void rejectsASignatureWrittenInAnotherWay() {
		String note = SignedCheckpoint.of(this.checkpoint, this.key).note();
		int last = note.indexOf('=', note.indexOf('\u2014')) - 1;
		StringBuilder changed = new StringBuilder(note);
		// The same bytes, as the last character has two bits more than they need
		changed.setCharAt(last, (char) (note.charAt(last) + 1));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> SignedCheckpoint.open(changed.toString(), List.of(parsedKey())));
	}

	@Test
	void rejectsEachChangedCharacter() {
		String note = SignedCheckpoint.of(this.checkpoint, this.key).note();
		List<VerifierKey> keys = List.of(parsedKey());
		for (int i = 0; i < note.length(); i++) {
			StringBuilder changed = new StringBuilder(note);
			changed.setCharAt(i, (note.charAt(i) != 'x') ? 'x' : 'y');
			assertThatIllegalArgumentException().as(changed.toString())
				.isThrownBy(() -> SignedCheckpoint.open(changed.toString(), keys));
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "\n\n", "log\n1\n\n\n", "log\n01\nAAAA\n\n\u2014 a AAAA\n", "log\n-1\n\n\u2014 a b\n" })
	void rejectsWhatIsNoCheckpoint(String note) {
		assertThatIllegalArgumentException().isThrownBy(() -> SignedCheckpoint.open(note, List.of(parsedKey())));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a+b", "a+00000000+AAAA",
			"PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
			"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TX" })
	void rejectsWhatIsNoKey(String key) {
		assertThatIllegalArgumentException().isThrownBy(() -> VerifierKey.parse(key));
	}

	@Test
	void rejectsKeysOfOtherAlgorithmsAndNamesThatNotesCannotHold() throws Exception {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new SigningKey(ORIGIN, generator.generateKeyPair().getPrivate()))
			.withMessageContaining("Ed25519");
		assertThatIllegalArgumentException().isThrownBy(() -> new SigningKey("two words", SigningKey.generate()));
		assertThatIllegalArgumentException().isThrownBy(() -> new SigningKey("one+two", SigningKey.generate()));
	}

	@Test
	void readsTheAnchorsAndProofsThatItWrites() {
		SignedCheckpoint head = SignedCheckpoint.of(this.checkpoint, this.key);
		List<byte[]> proof = List.of(new byte[32], Base64.getDecoder().decode("q".repeat(42) + "g="));
		Anchor anchor = Anchor.parse(new Anchor(17, proof, head).text(), List.of(parsedKey()));
		assertThat(anchor.previousSize()).isEqualTo(17);
		assertThat(anchor.head()).isEqualTo(head);
		assertThat(anchor.consistency()).usingRecursiveComparison().isEqualTo(proof);
		InclusionProof inclusion = InclusionProof.parse(new InclusionProof(3, proof, head).text(),
				List.of(parsedKey()));
		assertThat(inclusion.index()).isEqualTo(3);
		assertThat(inclusion.head()).isEqualTo(head);
		assertThat(inclusion.proof()).usingRecursiveComparison().isEqualTo(proof);
		String text = new Anchor(17, proof, head).text();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Anchor.parse(text.replaceFirst("AAAA", "A"), List.of(parsedKey())));
		assertThatIllegalArgumentException().isThrownBy(() -> Anchor.parse(head.note(), List.of(parsedKey())));
		assertThatIllegalArgumentException().isThrownBy(() -> InclusionProof.parse(text, List.of(parsedKey())));
	}

	private VerifierKey parsedKey() {
		return VerifierKey.parse(this.key.verifierKey().toString());
	}

}
