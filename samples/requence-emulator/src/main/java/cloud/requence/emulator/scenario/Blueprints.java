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

import static cloud.requence.emulator.scenario.NodeBlueprint.call;
import static cloud.requence.emulator.scenario.NodeBlueprint.decision;
import static cloud.requence.emulator.scenario.NodeBlueprint.service;

/**
 * The business: four kinds of tasks that begin by themselves, and two that are part of
 * others.
 */
final class Blueprints {

	private static final Blueprint INVOICE = new Blueprint("invoice-approval",
			(data) -> "Invoice " + data.number() + " of " + data.company(),
			(data) -> values("invoiceNumber", "R-" + data.number(), "supplier",
					values("name", data.company(), "city", data.city()), "amount", money(data), "dueDate",
					data.day().toString(), "lines",
					List.of(values("product", data.product(), "quantity", data.quantity()))),
			(documents, data) -> values("scan", documents.scan(data)),
			(data) -> values("booked", true, "bookingNumber", "B-" + data.number() * 7),
			List.of("approved", "rejected"),
			List.of(service("receive", 1, 2, (data) -> values("channel", "mail", "pages", data.quantity())),
					service("extract-data", 2, 9,
							(data) -> values("supplier", data.company(), "total", data.amount(), "confidence", 0.97))
						.with((documents, data) -> values("lines", documents.lines(data))),
					service("match-order", 2, 7, (data) -> values("orderNumber", "PO-" + data.number(), "match", true)),
					decision("amount-check", "above-limit", (data) -> values("limit", 5000)),
					service("approve", 8, 40, (data) -> values("approvedBy", data.person())), service("book", 1, 5,
							(data) -> values("account", "4400", "bookingNumber", "B-" + data.number() * 7))));

	private static final Blueprint ONBOARDING = new Blueprint("employee-onboarding",
			(data) -> "Onboarding of " + data.person(),
			(data) -> values("employee", values("name", data.person(), "email", email(data)), "office", data.city(),
					"firstDay", data.day().toString()),
			Attachments.NONE, (data) -> values("account", email(data), "ready", true), List.of("ready"),
			List.of(service("create-account", 1, 4, (data) -> values("login", email(data))),
					service("assign-mailbox", 1, 5, (data) -> values("quotaGb", 50)),
					service("order-laptop", 4, 18, (data) -> values("orderNumber", "HW-" + data.number())),
					service("prepare-contract", 3, 12,
							(data) -> values("documentId", "D-" + data.number(), "pages", 14)),
					service("sign-contract", 10, 40, (data) -> values("signedBy", data.person())),
					service("book-training", 1, 6, (data) -> values("course", "Security basics", "city", data.city())),
					decision("remote-check", "office", (data) -> values("remote", false)),
					service("welcome-mail", 1, 2, (data) -> values("to", email(data)))));

	private static final Blueprint ORDER = new Blueprint("order-fulfilment", (data) -> "Order " + data.number(),
			(data) -> values("orderNumber", data.number(), "customer", data.person(), "items",
					List.of(values("product", data.product(), "quantity", data.quantity())), "total", money(data)),
			Attachments.NONE, (data) -> values("shipped", true, "trackingNumber", "JD0" + data.number() + "88"),
			List.of("shipped"),
			List.of(service("check-stock", 1, 4, (data) -> values("available", data.quantity() + 3)),
					service("reserve", 1, 3, (data) -> values("reserved", data.quantity())), call("charge", "payment"),
					service("pick", 5, 22, (data) -> values("shelf", "A-" + data.number() % 40)),
					service("pack", 3, 12, (data) -> values("parcels", 1 + data.quantity() / 5)),
					service("ship", 2, 8, (data) -> values("carrier", "DHL", "city", data.city())),
					service("confirm", 1, 2, (data) -> values("mailTo", email(data)))));

	private static final Blueprint CLAIM = new Blueprint("insurance-claim",
			(data) -> "Claim " + data.number() + " of " + data.person(),
			(data) -> values("policy", "P-" + data.number(), "insured", data.person(), "damage",
					values("object", data.product(), "city", data.city(), "on", data.day().toString()), "claimed",
					money(data)),
			Attachments.NONE, (data) -> values("settled", true, "paid", money(data)),
			List.of("settled", "partly-settled"),
			List.of(service("register", 1, 3, (data) -> values("claimNumber", "C-" + data.number())),
					service("read-documents", 4, 16, (data) -> values("documents", data.quantity(), "language", "de"))
						.with((documents, data) -> values("transcript", documents.transcript(data))),
					service("assess-damage", 6, 40, (data) -> values("assessed", data.amount())),
					decision("decide", "accepted", (data) -> values("rule", "household-7")), call("payout", "payment"),
					service("notify", 1, 3, (data) -> values("letterTo", data.city()))));

	private static final Blueprint PAYMENT = new Blueprint("payment", (data) -> "Payment for " + data.number(),
			(data) -> values("reference", data.number(), "payer", data.person(), "amount", money(data)),
			Attachments.NONE, (data) -> values("transaction", "T-" + data.number() * 3, "amount", money(data)),
			List.of("captured"),
			List.of(service("authorise", 1, 5, (data) -> values("authorised", data.amount())),
					call("verify", "fraud-check"),
					service("capture", 1, 4, (data) -> values("captured", data.amount()))));

	private static final Blueprint FRAUD = new Blueprint("fraud-check", (data) -> "Fraud check of " + data.number(),
			(data) -> values("payer", data.person(), "amount", money(data), "city", data.city()), Attachments.NONE,
			(data) -> values("suspicious", false, "score", data.quantity()), List.of("clean"),
			List.of(service("collect-signals", 1, 5, (data) -> values("signals", 12)),
					service("score", 1, 6, (data) -> values("score", data.quantity(), "model", "2026-04")),
					new NodeBlueprint("any-list", "or", 1, 2, "none", null, (data) -> values("lists", 3),
							Attachments.NONE)));

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

	private static Map<String, Object> money(CaseData data) {
		return values("value", data.amount(), "currency", "EUR");
	}

	private static String email(CaseData data) {
		String letters = Normalizer.normalize(data.person(), Normalizer.Form.NFD).replaceAll("[^A-Za-z ]", "");
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
