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

package cloud.requence.emulator.scenario;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import cloud.requence.emulator.EmulatedFiles;

/**
 * The documents of the business. Those with the same content are stored once, so that a
 * scenario may run for weeks. Confined to the thread of the scenario.
 */
final class Documents {

	private static final LocalDate PRINTED = LocalDate.of(2026, 4, 1);

	private static final int PAGES = 24;

	private static final int LINES = 32;

	private final EmulatedFiles files;

	private final Map<List<Object>, Object> kept = new HashMap<>();

	Documents(EmulatedFiles files) {
		this.files = files;
	}

	/**
	 * The picture of an invoice, as a scanner makes it.
	 */
	Object scan(CaseData data) {
		return keep(() -> this.files.store(InvoiceScan.of(data), "image/png"), "scan", data.company(), data.product(),
				data.quantity());
	}

	/**
	 * The lines of an invoice, as a stream.
	 */
	Object lines(CaseData data) {
		return keep(() -> this.files.stream("text/csv")
			.write("position,product,quantity,unit\n")
			.write("1,%s,%d,piece\n".formatted(data.product(), data.quantity()))
			.write("2,packaging,1,flat rate\n")
			.write("3,delivery,1,flat rate\n")
			.end(), "lines", data.product(), data.quantity());
	}

	/**
	 * What was read from the documents of a claim: too much for a message, with a form in
	 * it.
	 */
	Object transcript(CaseData data) {
		return keep(() -> this.files.claimCheck(newTranscript(data)), "transcript", data.product());
	}

	private Map<String, Object> newTranscript(CaseData data) {
		List<Map<String, Object>> pages = new ArrayList<>();
		for (int page = 1; page <= PAGES; page++) {
			List<String> lines = new ArrayList<>();
			for (int line = 1; line <= LINES; line++) {
				lines.add("The %s was found damaged; see figure %d-%d.".formatted(data.product(), page, line));
			}
			pages.add(Map.of("page", page, "lines", lines));
		}
		Map<String, Object> transcript = new LinkedHashMap<>();
		transcript.put("readOn", PRINTED.toString());
		transcript.put("form", this.files.store(DamageForm.of(data), "image/png"));
		transcript.put("pages", pages);
		return transcript;
	}

	private Object keep(Supplier<Object> document, Object... key) {
		return this.kept.computeIfAbsent(List.of(key), (newKey) -> document.get());
	}

}
