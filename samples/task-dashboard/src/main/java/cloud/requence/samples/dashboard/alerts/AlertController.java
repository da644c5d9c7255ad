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

package cloud.requence.samples.dashboard.alerts;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

import cloud.requence.samples.dashboard.alerts.AlertProperties.Kind;
import cloud.requence.samples.dashboard.web.ProblemException;
import cloud.requence.task.TaskWatcher;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * Incidents for the page, rules for Prometheus, and what to do.
 */
@RestController
class AlertController {

	private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

	private final Incidents incidents;

	private final NoticeText text;

	private final PrometheusRules prometheus;

	private final TaskWatcher watcher;

	private final Clock clock;

	AlertController(Incidents incidents, NoticeText text, PrometheusRules prometheus, TaskWatcher watcher,
			Clock clock) {
		this.incidents = incidents;
		this.text = text;
		this.prometheus = prometheus;
		this.watcher = watcher;
		this.clock = clock;
	}

	@GetMapping("/api/alerts")
	ResponseEntity<View> alerts() {
		Sight sight = Sight.of(this.watcher.status(), this.clock.instant());
		Instant blind = sight.unknownSince();
		List<Item> items = this.incidents.current()
			.stream()
			.map((incident) -> new Item(incident, this.text.link(incident), "runbook/" + incident.kind()))
			.toList();
		View view = new View(this.clock.millis(), (blind != null) ? blind.toEpochMilli() : null, sight.reason(),
				sight.catchingUp(), items);
		return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(view);
	}

	@GetMapping("/api/alerts/prometheus.yml")
	ResponseEntity<String> prometheus() {
		return ResponseEntity.ok().cacheControl(CacheControl.noStore()).contentType(TEXT).body(this.prometheus.yaml());
	}

	@GetMapping("/runbook/{kind}")
	ResponseEntity<Resource> runbook(@PathVariable String kind) {
		for (Kind known : Kind.values()) {
			if (known.id().equals(kind)) {
				return ResponseEntity.ok().contentType(TEXT).body(new ClassPathResource("runbook/" + kind + ".md"));
			}
		}
		throw new ProblemException(HttpStatus.NOT_FOUND, "There is no such page in the runbook.");
	}

	/**
	 * The incidents for the page.
	 *
	 * @param now the time of the dashboard, in milliseconds since the epoch
	 * @param blindSince since when nothing is seen; {@code null} if the watcher is
	 * connected and no update waits
	 * @param blindReason why nothing is seen
	 * @param catchingUp whether the history is not up to date, so that rules about tasks
	 * are not applied
	 * @param incidents those that are open, and those that were resolved lately
	 */
	record View(long now, @Nullable Long blindSince, @Nullable String blindReason, boolean catchingUp,
			List<Item> incidents) {

	}

	/**
	 * An incident for the page.
	 *
	 * @param incident the incident
	 * @param link the address of what it is about
	 * @param runbook the path of what to do
	 */
	record Item(@JsonUnwrapped Incident incident, String link, String runbook) {

	}

}
