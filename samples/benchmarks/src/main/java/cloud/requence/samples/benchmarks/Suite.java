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

package cloud.requence.samples.benchmarks;

import java.io.IOException;
import java.util.Locale;

/**
 * What is compared in one run, with a report of its own.
 */
enum Suite {

	/** The starter with other implementations. */
	PEERS("Compared with other implementations", new Peers()),

	/** What options of the starter cost. */
	OPTIONS("The cost of options", new OptionCosts()),

	/** Transactions of a database. */
	TRANSACTIONS("Transactions", new Transactions()),

	/** More open tasks, listeners, threads, and a long backlog. */
	GROWTH("Growth", new Growth()),

	/** The start of an application. */
	START("Start-up and footprint", new Start());

	private final String title;

	private final Comparison comparison;

	Suite(String title, Comparison comparison) {
		this.title = title;
		this.comparison = comparison;
	}

	/**
	 * Measure.
	 * @param options how
	 * @return the report
	 */
	Report run(Options options) throws IOException, InterruptedException {
		Report report = new Report(name().toLowerCase(Locale.ROOT), options.docs());
		report.paragraph("# %s", this.title);
		report.paragraph("%s", Machine.describe(options.java()));
		try (Laboratory laboratory = new Laboratory(options)) {
			this.comparison.compare(laboratory, report);
		}
		return report;
	}

	/**
	 * Compares pipelines.
	 */
	interface Comparison {

		/**
		 * Run pipelines and report the results.
		 */
		void compare(Laboratory laboratory, Report report) throws IOException, InterruptedException;

	}

}
