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
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.util.Base64;

import cloud.requence.samples.auditlog.evidence.note.SigningKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.ssl.pem.PemContent;

/**
 * Loads the key that tree heads are signed with, and generates one for a demo.
 */
final class SigningKeys {

	private static final Logger logger = LoggerFactory.getLogger(SigningKeys.class);

	private SigningKeys() {
	}

	static SigningKey load(EvidenceProperties properties) {
		Path file = properties.signingKey();
		try {
			if (file == null) {
				file = generatedKey(properties.directory());
			}
			PrivateKey key = PemContent.of(Files.readString(file)).getPrivateKey();
			if (key == null) {
				throw new IllegalArgumentException("It has no private key");
			}
			return new SigningKey(properties.origin(), key);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The key of tree heads cannot be read", ex);
		}
		catch (IllegalStateException | IllegalArgumentException ex) {
			if (file == null) {
				throw new IllegalStateException(
						"A key of tree heads cannot be generated. Set 'audit.evidence.signing-key'", ex);
			}
			throw new IllegalStateException("'audit.evidence.signing-key' needs an Ed25519 key in PKCS#8 and PEM, as "
					+ "'openssl genpkey -algorithm ed25519' makes it, and not " + file, ex);
		}
	}

	private static Path generatedKey(Path directory) throws IOException {
		Path file = directory.resolve("signing-key.pem");
		if (!Files.exists(file)) {
			Files.createDirectories(directory);
			String pem = "-----BEGIN PRIVATE KEY-----\n"
					+ Base64.getEncoder().encodeToString(SigningKey.generate().getEncoded())
					+ "\n-----END PRIVATE KEY-----\n";
			Path written = Files.createTempFile(directory, "signing-key", null, ownerOnly());
			try {
				Files.writeString(written, pem, StandardCharsets.US_ASCII);
				// Of several instances that start together one creates it, as a whole
				Files.createLink(file, written);
			}
			catch (FileAlreadyExistsException ex) {
				logger.debug("Another instance has generated the key", ex);
			}
			finally {
				Files.delete(written);
			}
		}
		logger.warn("Tree heads are signed with {}, which was generated here. For production set "
				+ "'audit.evidence.signing-key' to a key that the database server cannot reach, the same in all instances",
				file);
		return file;
	}

	private static FileAttribute<?>[] ownerOnly() {
		if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
			return new FileAttribute<?>[0];
		}
		return new FileAttribute<?>[] {
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")) };
	}

}
