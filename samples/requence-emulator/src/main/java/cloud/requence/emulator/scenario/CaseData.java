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

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;

import tools.jackson.databind.JsonNode;

/**
 * What a task and its sub-tasks are about.
 *
 * @param number the number of the case
 * @param person who it is for
 * @param company which company is involved
 * @param city where
 * @param product what was bought, damaged or needed
 * @param quantity how many
 * @param amount how much, in euros
 * @param day the day that matters
 */
record CaseData(int number, String person, String company, String city, String product, int quantity, BigDecimal amount,
		LocalDate day) {

	private static final List<String> FIRST_NAMES = List.of("Anna", "Jonas", "Zoë", "Mehmet", "Claire", "Luca",
			"Jürgen", "Priya", "Søren", "Ewa", "Mateo", "Fatima");

	private static final List<String> LAST_NAMES = List.of("Weiß", "Nowak", "Rossi", "Yılmaz", "Dubois", "Larsen",
			"Okafor", "Müller", "Fernández", "Sharma", "Novák", "Kowalska");

	private static final List<String> COMPANIES = List.of("Nordlicht Energie", "Bauer & Söhne", "Café Central",
			"Alpen Logistik", "Hansa Papier", "Solaris Optik", "Rheingold Foods", "Kestrel Robotics");

	private static final List<String> CITIES = List.of("Hamburg", "Wien", "Zürich", "Lyon", "Kraków", "Aarhus",
			"Bilbao", "Utrecht");

	private static final List<String> PRODUCTS = List.of("desk lamp", "espresso machine", "road bike", "notebook 14″",
			"garden chair", "headphones", "winter tyres", "label printer");

	private static final LocalDate NEW_YEAR = LocalDate.of(2026, 1, 1);

	static CaseData draw(Random random) {
		return new CaseData(10_000 + random.nextInt(90_000), pick(random, FIRST_NAMES) + " " + pick(random, LAST_NAMES),
				pick(random, COMPANIES), pick(random, CITIES), pick(random, PRODUCTS), 1 + random.nextInt(12),
				BigDecimal.valueOf(1_000 + random.nextInt(900_000), 2), NEW_YEAR.plusDays(random.nextInt(365)));
	}

	/**
	 * Return this data with the amount of a client's input, if that has one.
	 */
	CaseData withAmountOf(JsonNode input) {
		JsonNode value = input.at("/amount/value");
		return value.isNumber() ? new CaseData(this.number, this.person, this.company, this.city, this.product,
				this.quantity, value.decimalValue(), this.day) : this;
	}

	static <T> T pick(Random random, List<T> choices) {
		return choices.get(random.nextInt(choices.size()));
	}

}
