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

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an export says about itself: the file {@code manifest.json} beside the entries and
 * their proof.
 *
 * @param version the version of this format
 * @param query what was asked for, as a URL
 * @param exportedAt when
 * @param exportedBy by whom
 * @param count the number of entries
 * @param first the sequence of the first entry; null if there is none
 * @param last the sequence of the last entry; null if there is none
 * @param file the name of the file with the entries
 * @param sha256 its SHA-256 in hexadecimal
 * @param proofFile the name of the file with the proof
 * @param proofSha256 its SHA-256 in hexadecimal
 * @param head the signed tree head that the proof leads to
 * @param anchoredSize the size of the newest anchor, 0 if there is none
 * @param anchorConsistency the proof, in base64, that the head extends that anchor
 */
public record ExportManifest(String version, String query, Instant exportedAt, String exportedBy, long count,
		@Nullable Long first, @Nullable Long last, String file, String sha256, String proofFile, String proofSha256,
		String head, long anchoredSize, List<String> anchorConsistency) {

	/** The name of the file in an export. */
	public static final String FILE = "manifest.json";

	/** The version of the format. */
	public static final String VERSION = "1";

	private static final JsonMapper MAPPER = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.build();

	/**
	 * Return the content of the file.
	 * @return JSON in UTF-8
	 */
	public byte[] toJson() {
		return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
	}

	static ExportManifest parse(byte[] json) {
		try {
			ExportManifest manifest = MAPPER.readValue(json, ExportManifest.class);
			if (!VERSION.equals(manifest.version)) {
				throw new IllegalArgumentException("Manifests of version " + manifest.version + " are not known");
			}
			return manifest;
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("Not a manifest: " + ex.getOriginalMessage(), ex);
		}
	}

}
