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
import java.time.Instant;

import cloud.requence.samples.auditlog.evidence.VerificationStatus.Anchored;
import cloud.requence.samples.auditlog.evidence.VerificationStatus.Verified;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Health and metrics of verification and anchors. Down if the last verification has found
 * a fault, or the last attempt to store a tree head has failed.
 */
final class EvidenceHealth extends AbstractHealthIndicator implements MeterBinder {

	private final VerificationStatus status;

	private final Anchoring anchoring;

	private final Clock clock;

	EvidenceHealth(VerificationStatus status, Anchoring anchoring, Clock clock) {
		this.status = status;
		this.anchoring = anchoring;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.up();
		Verified verified = this.status.verified();
		if (verified != null) {
			builder.withDetail("verifiedAt", verified.at()).withDetail("verifiedSize", verified.size());
			if (verified.wholeAt() != null) {
				builder.withDetail("everythingVerifiedAt", verified.wholeAt())
					.withDetail("everythingVerifiedSize", verified.wholeSize());
			}
			if (verified.failure() != null) {
				builder.down()
					.withDetail("fault", verified.failure().first())
					.withDetail("faultFoundAt", verified.failure().at());
			}
		}
		Anchored anchored = this.status.anchored();
		if (anchored != null) {
			builder.withDetail("anchoredAt", anchored.at()).withDetail("anchoredSize", anchored.size());
		}
		String problem = this.anchoring.problem();
		if (problem != null) {
			builder.down().withDetail("anchoring", problem);
		}
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		Gauge.builder("audit.verification.faults", this, (health) -> {
			Verified verified = health.status.verified();
			return (verified == null) ? Double.NaN : (verified.failure() != null) ? verified.failure().count() : 0;
		}).description("Faults that are known since the last verification of everything").register(registry);
		Gauge.builder("audit.verification.age", this, (health) -> {
			Verified verified = health.status.verified();
			return health.age((verified != null) ? verified.at() : null);
		}).baseUnit("seconds").description("Time since the last verification").register(registry);
		Gauge.builder("audit.anchor.age", this, (health) -> {
			Anchored anchored = health.status.anchored();
			return health.age((anchored != null) ? anchored.at() : null);
		}).baseUnit("seconds").description("Time since a tree head was stored elsewhere").register(registry);
		Gauge.builder("audit.anchor.failures", this.anchoring, Anchoring::failures)
			.description("Attempts of this instance to store a tree head that have failed")
			.register(registry);
	}

	private double age(@Nullable Instant time) {
		return (time != null) ? Duration.between(time, this.clock.instant()).toMillis() / 1000.0 : Double.NaN;
	}

}
