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

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.database.EraserDatabase;
import cloud.requence.samples.auditlog.evidence.note.VerifierKey;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The evidence: keys and tree heads, anchors, verification, erasures.
 */
@Configuration(proxyBeanMethods = false)
class EvidenceConfiguration {

	@Bean
	TreeHeads treeHeads(DataSource dataSource, EvidenceProperties properties) {
		List<VerifierKey> formerKeys = properties.verifierKeys().stream().map(VerifierKey::parse).toList();
		return new TreeHeads(dataSource, SigningKeys.load(properties), formerKeys);
	}

	@Bean
	Anchoring anchoring(TreeHeads heads, ObjectProvider<AnchorStore> configured, EvidenceProperties properties,
			DataSource dataSource) {
		AnchorStore store = configured.getIfAvailable();
		if (store == null && properties.anchors().kafkaTopic() != null) {
			throw new IllegalStateException("'audit.evidence.anchors.kafka-topic' needs 'spring-boot-starter-kafka'");
		}
		return new Anchoring(heads, (store != null) ? store : new DirectoryAnchorStore(properties.anchorDirectory()),
				dataSource, Clock.systemUTC());
	}

	@Bean
	Verifications verifications(TreeHeads heads, Anchoring anchoring, EvidenceProperties properties,
			DataSource dataSource) {
		LogVerification verification = new LogVerification(dataSource, anchoring.store(), heads.keys());
		return new Verifications(verification, dataSource, properties.verification().fullInterval(), Clock.systemUTC());
	}

	@Bean
	AccessEvidence accessEvidence(DataSource dataSource, LogWriter writer) {
		return new AccessEvidence(dataSource, writer, Clock.systemUTC());
	}

	@Bean
	VerificationStatus verificationStatus(DataSource dataSource) {
		return new VerificationStatus(dataSource);
	}

	@Bean
	EvidenceHealth evidenceHealthIndicator(VerificationStatus status, Anchoring anchoring) {
		return new EvidenceHealth(status, anchoring, Clock.systemUTC());
	}

	@Bean
	ExportEvidence exportEvidence(TreeHeads heads, DataSource dataSource) {
		return new ExportEvidence(heads, dataSource);
	}

	@Bean
	Holds holds(DataSource dataSource, LogWriter writer) {
		return new Holds(dataSource, writer, Clock.systemUTC());
	}

	@Bean
	Erasures erasures(ObjectProvider<EraserDatabase> database) {
		EraserDatabase eraser = database.getIfAvailable();
		return new Erasures((eraser != null) ? eraser.jdbc().getDataSource() : null, Clock.systemUTC());
	}

	@Bean
	EvidenceJobs evidenceJobs(ObjectProvider<TaskWatcher> watcher, AccessEvidence accesses, Anchoring anchoring,
			Verifications verifications, Erasures erasures, EvidenceProperties properties) {
		List<EvidenceJobs.Job> jobs = new ArrayList<>();
		jobs.add(new EvidenceJobs.Job("Anchoring", properties.anchors().interval(), () -> {
			try {
				accesses.append();
			}
			finally {
				anchoring.anchor();
			}
		}));
		jobs.add(new EvidenceJobs.Job("Verification", properties.verification().interval(), verifications::verify));
		Duration kept = properties.retention().payloads();
		if (kept != null) {
			jobs.add(new EvidenceJobs.Job("Retention", properties.retention().interval(),
					() -> erasures.eraseOlderThan(kept)));
		}
		return new EvidenceJobs(leader(watcher), jobs.toArray(EvidenceJobs.Job[]::new));
	}

	// Without a watcher this is the only instance
	private static BooleanSupplier leader(ObjectProvider<TaskWatcher> watcher) {
		return () -> watcher.stream().allMatch((each) -> each.status().state() != TaskWatcherStatus.State.STANDBY);
	}

}
