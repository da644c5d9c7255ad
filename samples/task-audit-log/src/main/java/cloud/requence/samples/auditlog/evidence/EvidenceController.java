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
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import cloud.requence.samples.auditlog.evidence.note.InclusionProof;
import cloud.requence.samples.auditlog.evidence.note.VerifierKey;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * The evidence for auditors: tree head, keys and proofs, verification, erasures and
 * holds. Who may call this is decided by the security of the application.
 */
@RestController
class EvidenceController {

	private final TreeHeads heads;

	private final Verifications verifications;

	private final Erasures erasures;

	private final Holds holds;

	EvidenceController(TreeHeads heads, Verifications verifications, Erasures erasures, Holds holds) {
		this.heads = heads;
		this.verifications = verifications;
		this.erasures = erasures;
		this.holds = holds;
	}

	@GetMapping(path = "/api/evidence/checkpoint", produces = MediaType.TEXT_PLAIN_VALUE)
	String checkpoint() {
		return this.heads.newest().note();
	}

	@GetMapping(path = "/api/evidence/keys", produces = MediaType.TEXT_PLAIN_VALUE)
	String keys() {
		return this.heads.keys().stream().map(VerifierKey::toString).collect(Collectors.joining("\n", "", "\n"));
	}

	@GetMapping(path = "/api/evidence/entries/{sequence}/proof", produces = MediaType.TEXT_PLAIN_VALUE)
	String proof(@PathVariable long sequence) {
		InclusionProof proof = this.heads.inclusion(sequence);
		if (proof == null) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such entry");
		}
		return proof.text();
	}

	@PostMapping("/api/evidence/verifications")
	Verification verify() throws IOException {
		try {
			VerificationReport report = this.verifications.verifyAll();
			return new Verification(report.valid(), report, report.limits());
		}
		catch (IllegalStateException ex) {
			throw new ResponseStatusException(HttpStatus.CONFLICT, ex.getMessage(), ex);
		}
	}

	@PostMapping("/api/evidence/erasures")
	Map<String, Long> erase(@RequestBody Erasure erasure, Principal user) {
		String taskId = erasure.taskId();
		Long sequence = erasure.sequence();
		if ((taskId == null) == (sequence == null)) {
			throw new IllegalArgumentException("Either taskId or sequence is needed");
		}
		try {
			return Map.of("erased", (taskId != null) ? this.erasures.eraseTask(taskId, user.getName(), erasure.reason())
					: this.erasures.eraseEntry(sequence, user.getName(), erasure.reason()));
		}
		catch (IllegalStateException ex) {
			throw new ResponseStatusException(HttpStatus.CONFLICT, ex.getMessage(), ex);
		}
	}

	@PostMapping("/api/evidence/holds")
	Map<String, Boolean> hold(@RequestBody Hold hold, Principal user) {
		this.holds.hold(hold.taskId(), user.getName(), hold.reason());
		return Map.of("held", true);
	}

	// The id of a task may have any character: it is no part of the path
	@DeleteMapping("/api/evidence/holds")
	Map<String, Boolean> release(@RequestParam String taskId, @RequestParam String reason, Principal user) {
		this.holds.release(taskId, user.getName(), reason);
		return Map.of("held", this.holds.isHeld(taskId));
	}

	@ExceptionHandler
	ProblemDetail invalid(IllegalArgumentException ex) {
		return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, String.valueOf(ex.getMessage()));
	}

	@ExceptionHandler
	ProblemDetail refused(ResponseStatusException ex) {
		return ex.getBody();
	}

	/**
	 * The answer to a verification.
	 *
	 * @param valid whether everything fits
	 * @param report what was found
	 * @param limits what is not proven
	 */
	record Verification(boolean valid, VerificationReport report, List<String> limits) {
	}

	/**
	 * What is to be erased.
	 *
	 * @param taskId the task whose payloads are erased
	 * @param sequence the entry whose payload is erased
	 * @param reason why
	 */
	record Erasure(@Nullable String taskId, @Nullable Long sequence, @Nullable String reason) {
	}

	/**
	 * What is to be held.
	 *
	 * @param taskId the task
	 * @param reason why
	 */
	record Hold(@Nullable String taskId, @Nullable String reason) {
	}

}
