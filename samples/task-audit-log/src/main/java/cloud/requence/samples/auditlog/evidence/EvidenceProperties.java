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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the evidence.
 *
 * @param origin the name of the log in its tree heads, such as
 * {@code example.com/audit-log}; it is never changed
 * @param directory where a key that is generated and the anchors are kept
 * @param signingKey the file of the Ed25519 key (PKCS#8, PEM) that tree heads are signed
 * with; without it a key is generated in the directory
 * @param verifierKeys former keys, as {@code <name>+<hash>+<key>}
 * @param anchors where tree heads are kept
 * @param verification how often the log is verified
 * @param retention how long payloads are kept
 */
@ConfigurationProperties("audit.evidence")
record EvidenceProperties(@DefaultValue("requence-audit-log") String origin,
		@DefaultValue(".audit-log/evidence") Path directory, @Nullable Path signingKey,
		@DefaultValue List<String> verifierKeys, @DefaultValue Anchors anchors, @DefaultValue Verification verification,
		@DefaultValue Retention retention) {

	/**
	 * Where tree heads are kept.
	 *
	 * @param interval how often
	 * @param directory the directory of their files, best one that is on another machine
	 * and can only be added to; without it {@code anchors} in the directory of the
	 * evidence
	 * @param kafkaTopic the Kafka topic that they are kept in instead; needs
	 * {@code spring-boot-starter-kafka} and {@code spring.kafka.bootstrap-servers}
	 */
	record Anchors(@DefaultValue("5m") Duration interval, @Nullable Path directory, @Nullable String kafkaTopic) {
	}

	/**
	 * How often the log is verified.
	 *
	 * @param interval how often what was added is verified
	 * @param fullInterval how often everything is verified
	 */
	record Verification(@DefaultValue("1m") Duration interval, @DefaultValue("24h") Duration fullInterval) {
	}

	/**
	 * How long payloads are kept.
	 *
	 * @param payloads the age after which payloads are erased; without it they are kept
	 * @param interval how often payloads are looked for that are too old
	 */
	record Retention(@Nullable Duration payloads, @DefaultValue("1h") Duration interval) {
	}

	Path anchorDirectory() {
		Path configured = this.anchors.directory();
		return (configured != null) ? configured : this.directory.resolve("anchors");
	}

}
