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

package cloud.requence.samples.auditlog.web;

import java.time.ZoneId;
import java.time.ZoneOffset;

import cloud.requence.samples.auditlog.security.Role;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.ui.Model;

/**
 * Adds what all pages have: the time zone, the user, and the head.
 */
@Component
class Pages {

	private final StatusHeader header;

	private final WebProperties properties;

	Pages(StatusHeader header, WebProperties properties) {
		this.header = header;
		this.properties = properties;
	}

	/**
	 * Complete the model of a page.
	 * @param view the page
	 * @param query what it looks for, as its address says
	 * @return the name of the page
	 */
	String page(String view, LogQuery query, Model model) {
		ZoneId zone = this.properties.effectiveZone();
		model.addAttribute("query", query);
		model.addAttribute("show", new Display(query.timeZone(), this.header.now()));
		model.addAttribute("zone", zone.normalized().equals(ZoneOffset.UTC) ? "UTC" : zone.getId());
		model.addAttribute("current", view);
		Authentication user = SecurityContextHolder.getContext().getAuthentication();
		if (user != null) {
			model.addAttribute("user", user.getName());
			model.addAttribute("auditor", Role.AUDITOR.isHeldBy(user));
		}
		this.header.addTo(model);
		return view;
	}

}
