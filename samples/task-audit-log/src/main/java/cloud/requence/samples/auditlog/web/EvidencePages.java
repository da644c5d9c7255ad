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

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import cloud.requence.samples.auditlog.evidence.Erasures;
import cloud.requence.samples.auditlog.evidence.Holds;
import cloud.requence.samples.auditlog.evidence.Holds.Hold;
import cloud.requence.samples.auditlog.evidence.Verifications;
import cloud.requence.samples.auditlog.security.Access.Action;
import cloud.requence.samples.auditlog.security.AccessLog;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/**
 * The page on which auditors verify, hold and erase. Each form leads back to it with what
 * was done, or what is wrong; payloads are erased only after they were counted and the
 * erasure was confirmed.
 */
@Controller
class EvidencePages {

	private static final int MAX_HOLDS = 500;

	private static final String PAGE = "redirect:/evidence";

	private final Verifications verifications;

	private final Holds holds;

	private final Erasures erasures;

	private final AccessLog accesses;

	private final Pages pages;

	private final WebProperties properties;

	EvidencePages(Verifications verifications, Holds holds, Erasures erasures, AccessLog accesses, Pages pages,
			WebProperties properties) {
		this.verifications = verifications;
		this.holds = holds;
		this.erasures = erasures;
		this.accesses = accesses;
		this.pages = pages;
		this.properties = properties;
	}

	@GetMapping("/evidence")
	String evidence(HttpServletRequest request, Model model) {
		LogQuery query = LogQuery.of(request.getParameterMap(), this.properties.effectiveZone());
		List<Hold> held = this.holds.held(MAX_HOLDS + 1);
		List<Hold> shown = held.subList(0, Math.min(held.size(), MAX_HOLDS));
		this.accesses.record(Action.EVIDENCE, "", (long) shown.size());
		model.addAttribute("holds", shown);
		model.addAttribute("moreHolds", held.size() > MAX_HOLDS);
		model.addAttribute("runningSince", this.verifications.runningSince());
		model.addAttribute("verification", this.verifications.outcome());
		model.addAttribute("canErase", this.erasures.isPossible());
		return this.pages.page("evidence", query, model);
	}

	@PostMapping("/evidence/verifications")
	String verify(RedirectAttributes redirect) {
		if (!this.verifications.start()) {
			redirect.addFlashAttribute("problem", "A verification is running already.");
		}
		return PAGE;
	}

	@PostMapping("/evidence/holds")
	String hold(@RequestParam @Nullable String task, @RequestParam @Nullable String reason, Principal user,
			RedirectAttributes redirect) {
		return change("hold", task, reason, redirect, () -> {
			this.holds.hold(task, user.getName(), reason);
			return "Task '" + task + "' is held.";
		});
	}

	@PostMapping("/evidence/releases")
	String release(@RequestParam @Nullable String task, @RequestParam @Nullable String reason, Principal user,
			RedirectAttributes redirect) {
		return change("release", task, reason, redirect, () -> {
			this.holds.release(task, user.getName(), reason);
			return "Task '" + task + "' is not held any more.";
		});
	}

	private static String change(String form, @Nullable String task, @Nullable String reason,
			RedirectAttributes redirect, Supplier<String> change) {
		try {
			redirect.addFlashAttribute("done", change.get());
		}
		catch (IllegalArgumentException ex) {
			refuse(redirect, form, task, reason, ex);
		}
		return PAGE;
	}

	@PostMapping("/evidence/erasures")
	String erase(@RequestParam @Nullable String task, @RequestParam @Nullable String reason,
			@RequestParam(defaultValue = "false") boolean confirmed, Principal user, RedirectAttributes redirect,
			Model model) {
		try {
			if (!confirmed) {
				long count = this.erasures.countOfTask(task, reason);
				if (count > 0) {
					model.addAttribute("task", task);
					model.addAttribute("reason", reason);
					model.addAttribute("count", count);
					return this.pages.page("erasure", LogQuery.of(Map.of(), this.properties.effectiveZone()), model);
				}
				redirect.addFlashAttribute("problem", "Task '" + task + "' has no payload to erase.");
				return PAGE;
			}
			long erased = this.erasures.eraseTask(task, user.getName(), reason);
			redirect.addFlashAttribute("done", (erased == 1) ? "1 payload of task '" + task + "' was erased."
					: erased + " payloads of task '" + task + "' were erased.");
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			refuse(redirect, "erase", task, reason, ex);
		}
		return PAGE;
	}

	private static void refuse(RedirectAttributes redirect, String form, @Nullable String task, @Nullable String reason,
			RuntimeException problem) {
		redirect.addFlashAttribute("problem", problem.getMessage() + ".");
		redirect.addFlashAttribute("form", form);
		redirect.addFlashAttribute("givenTask", task);
		redirect.addFlashAttribute("givenReason", reason);
	}

}
