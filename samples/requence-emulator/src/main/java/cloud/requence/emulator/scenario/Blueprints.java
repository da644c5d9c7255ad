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

import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import static cloud.requence.emulator.scenario.Stage.call;
import static cloud.requence.emulator.scenario.Stage.decision;
import static cloud.requence.emulator.scenario.Stage.service;

/**
 * The business: four kinds of tasks that begin by themselves, and two that are part of
 * others.
 */
final class Blueprints {

	private static final Blueprint INVOICE = new Blueprint("invoice-approval",
			(facts) -> "Invoice " + facts.number() + " of " + facts.company(),
			(facts) -> values("invoiceNumber", "R-" + facts.number(), "supplier",
					values("name", facts.company(), "city", facts.city()), "amount", money(facts), "dueDate",
					facts.day().toString(), "lines",
					List.of(values("product", facts.product(), "quantity", facts.quantity()))),
			(papers, facts) -> values("scan", papers.scan(facts)),
			(facts) -> values("booked", true, "bookingNumber", "B-" + facts.number() * 7),
			List.of("approved", "rejected"),
			List.of(service("receive", 1, 2, (facts) -> values("channel", "mail", "pages", facts.quantity())),
					service("extract-data", 2, 9,
							(facts) -> values("supplier", facts.company(), "total", facts.amount(), "confidence", 0.97))
						.with((papers, facts) -> values("lines", papers.lines(facts))),
					service("match-order", 2, 7,
							(facts) -> values("orderNumber", "PO-" + facts.number(), "match", true)),
					decision("amount-check", "above-limit", (facts) -> values("limit", 5000)),
					service("approve", 8, 40, (facts) -> values("approvedBy", facts.person())), service("book", 1, 5,
							(facts) -> values("account", "4400", "bookingNumber", "B-" + facts.number() * 7))));

	private static final Blueprint ONBOARDING = new Blueprint("employee-onboarding",
			(facts) -> "Onboarding of " + facts.person(),
			(facts) -> values("employee", values("name", facts.person(), "email", email(facts)), "office", facts.city(),
					"firstDay", facts.day().toString()),
			Attachments.NONE, (facts) -> values("account", email(facts), "ready", true), List.of("ready"),
			List.of(service("create-account", 1, 4, (facts) -> values("login", email(facts))),
					service("assign-mailbox", 1, 5, (facts) -> values("quotaGb", 50)),
					service("order-laptop", 4, 18, (facts) -> values("orderNumber", "HW-" + facts.number())),
					service("prepare-contract", 3, 12,
							(facts) -> values("documentId", "D-" + facts.number(), "pages", 14)),
					service("sign-contract", 10, 40, (facts) -> values("signedBy", facts.person())),
					service("book-training", 1, 6,
							(facts) -> values("course", "Security basics", "city", facts.city())),
					decision("remote-check", "office", (facts) -> values("remote", false)),
					service("welcome-mail", 1, 2, (facts) -> values("to", email(facts)))));

	private static final Blueprint ORDER = new Blueprint("order-fulfilment", (facts) -> "Order " + facts.number(),
			(facts) -> values("orderNumber", facts.number(), "customer", facts.person(), "items",
					List.of(values("product", facts.product(), "quantity", facts.quantity())), "total", money(facts)),
			Attachments.NONE, (facts) -> values("shipped", true, "trackingNumber", "JD0" + facts.number() + "88"),
			List.of("shipped"),
			List.of(service("check-stock", 1, 4, (facts) -> values("available", facts.quantity() + 3)),
					service("reserve", 1, 3, (facts) -> values("reserved", facts.quantity())),
					call("charge", "payment"),
					service("pick", 5, 22, (facts) -> values("shelf", "A-" + facts.number() % 40)),
					service("pack", 3, 12, (facts) -> values("parcels", 1 + facts.quantity() / 5)),
					service("ship", 2, 8, (facts) -> values("carrier", "DHL", "city", facts.city())),
					service("confirm", 1, 2, (facts) -> values("mailTo", email(facts)))));

	private static final Blueprint CLAIM = new Blueprint("insurance-claim",
			(facts) -> "Claim " + facts.number() + " of " + facts.person(),
			(facts) -> values("policy", "P-" + facts.number(), "insured", facts.person(), "damage",
					values("object", facts.product(), "city", facts.city(), "on", facts.day().toString()), "claimed",
					money(facts)),
			Attachments.NONE, (facts) -> values("settled", true, "paid", money(facts)),
			List.of("settled", "partly-settled"),
			List.of(service("register", 1, 3, (facts) -> values("claimNumber", "C-" + facts.number())),
					service("read-documents", 4, 16, (facts) -> values("documents", facts.quantity(), "language", "de"))
						.with((papers, facts) -> values("transcript", papers.transcript(facts))),
					service("assess-damage", 6, 40, (facts) -> values("assessed", facts.amount())),
					decision("decide", "accepted", (facts) -> values("rule", "household-7")), call("payout", "payment"),
					service("notify", 1, 3, (facts) -> values("letterTo", facts.city()))));

	private static final Blueprint PAYMENT = new Blueprint("payment", (facts) -> "Payment for " + facts.number(),
			(facts) -> values("reference", facts.number(), "payer", facts.person(), "amount", money(facts)),
			Attachments.NONE, (facts) -> values("transaction", "T-" + facts.number() * 3, "amount", money(facts)),
			List.of("captured"),
			List.of(service("authorise", 1, 5, (facts) -> values("authorised", facts.amount())),
					call("verify", "fraud-check"),
					service("capture", 1, 4, (facts) -> values("captured", facts.amount()))));

	private static final Blueprint FRAUD = new Blueprint("fraud-check", (facts) -> "Fraud check of " + facts.number(),
			(facts) -> values("payer", facts.person(), "amount", money(facts), "city", facts.city()), Attachments.NONE,
			(facts) -> values("suspicious", false, "score", facts.quantity()), List.of("clean"),
			List.of(service("collect-signals", 1, 5, (facts) -> values("signals", 12)),
					service("score", 1, 6, (facts) -> values("score", facts.quantity(), "model", "2026-04")),
					new Stage("any-list", "or", 1, 2, "none", null, (facts) -> values("lists", 3), Attachments.NONE)));

	private static final List<Blueprint> ROOTS = List.of(INVOICE, ONBOARDING, ORDER, CLAIM);

	private static final List<Blueprint> ALL = List.of(INVOICE, ONBOARDING, ORDER, CLAIM, PAYMENT, FRAUD);

	private Blueprints() {
	}

	/**
	 * Return those that are no part of others.
	 */
	static List<Blueprint> roots() {
		return ROOTS;
	}

	static List<Blueprint> all() {
		return ALL;
	}

	static Blueprint of(String template) {
		return ALL.stream().filter((blueprint) -> blueprint.template().equals(template)).findFirst().orElseThrow();
	}

	private static Map<String, Object> money(Facts facts) {
		return values("value", facts.amount(), "currency", "EUR");
	}

	private static String email(Facts facts) {
		String letters = Normalizer.normalize(facts.person(), Normalizer.Form.NFD).replaceAll("[^A-Za-z ]", "");
		return letters.toLowerCase(Locale.ROOT).replace(' ', '.') + "@example.com";
	}

	private static Map<String, Object> values(Object... namesAndValues) {
		Map<String, Object> values = new LinkedHashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			values.put((String) namesAndValues[i], namesAndValues[i + 1]);
		}
		return values;
	}

}
