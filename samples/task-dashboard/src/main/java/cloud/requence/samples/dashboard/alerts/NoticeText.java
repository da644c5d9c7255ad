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

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Describes incidents for people.
 */
final class NoticeText {

	private static final int MAX_INCIDENTS = 20;

	private static final int MAX_ERROR = 300;

	private final String url;

	NoticeText(String url) {
		this.url = url;
	}

	/**
	 * Return the address of what an incident is about.
	 */
	String link(Incident incident) {
		return (incident.firstTask() != null)
				? this.url + "/?task=" + URLEncoder.encode(incident.firstTask(), StandardCharsets.UTF_8)
				: this.url + "/";
	}

	/**
	 * Return the address of what to do.
	 */
	String runbook(Incident incident) {
		return this.url + "/runbook/" + incident.kind();
	}

	String title(List<Incident> incidents) {
		long open = incidents.stream().filter((incident) -> !incident.isResolved()).count();
		long resolved = incidents.size() - open;
		if (incidents.size() == 1) {
			return headline(incidents.get(0));
		}
		return (open > 0 && resolved > 0) ? open + " incidents, " + resolved + " resolved"
				: (open > 0) ? open + " incidents" : resolved + " incidents resolved";
	}

	private static String headline(Incident incident) {
		String subject = incident.name().isEmpty() ? "" : incident.name() + ": ";
		return line((incident.isResolved() ? "Resolved: " : "") + subject + incident.summary());
	}

	String text(List<Incident> incidents) {
		String text = incidents.stream().limit(MAX_INCIDENTS).map(this::paragraph).collect(Collectors.joining("\n\n"));
		int more = incidents.size() - MAX_INCIDENTS;
		return (more > 0) ? text + "\n\n" + more + " more: " + this.url + "/" : text;
	}

	private String paragraph(Incident incident) {
		StringBuilder text = new StringBuilder(headline(incident));
		text.append("\nSince ").append(AlertRules.time(Instant.ofEpochMilli(incident.openedAt())));
		if (incident.resolvedAt() != null) {
			text.append(", resolved ").append(AlertRules.time(Instant.ofEpochMilli(incident.resolvedAt())));
		}
		if (incident.firstError() != null) {
			text.append("\nFirst: ").append(line(shortened(incident.firstError())));
		}
		return text.append("\n").append(link(incident)).append("\nWhat to do: ").append(runbook(incident)).toString();
	}

	private static String shortened(String error) {
		return (error.length() > MAX_ERROR) ? error.substring(0, MAX_ERROR) + "…" : error;
	}

	/**
	 * Names and errors come from the platform: they must not add lines or headers.
	 */
	private static String line(@Nullable String text) {
		return String.valueOf(text).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ").strip();
	}

}
