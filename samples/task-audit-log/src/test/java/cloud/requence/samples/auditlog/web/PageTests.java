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

import java.io.IOException;
import java.util.List;

import cloud.requence.samples.auditlog.support.Browser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of the pages in a browser.
 */
@WebTest
class PageTests {

	private static final List<String> PAGES = List.of("/", "/?text=INV-2026-0042&zone=UTC", "/?name=nothing",
			"/?kind=GAP", "/?from=yesterday", "/tasks/" + SampleLog.INVOICE, "/tasks/" + SampleLog.FAILED, "/entries/0",
			"/entries/8", "/entries/9", "/access", "/evidence", "/tasks/unknown", "/login");

	private static Browser browser;

	@LocalServerPort
	private int port;

	@BeforeAll
	static void startBrowser() throws IOException {
		browser = Browser.start();
	}

	@AfterAll
	static void closeBrowser() throws IOException {
		browser.close();
	}

	@BeforeEach
	void signIn() {
		browser.scripts(true);
		open("/login");
		browser.find("#username").sendKeys("anna");
		browser.find("#password").sendKeys("secret-a", Keys.ENTER);
		browser.find("#results");
	}

	@AfterEach
	void checkForErrors() {
		assertThat(browser.errors()).allMatch(
				(error) -> error.contains("responded with a status of") || error.contains("does not conform to the"));
	}

	private void open(String path) {
		browser.open("http://127.0.0.1:" + this.port + path);
	}

	private List<String> texts(String css) {
		return browser.texts(css).stream().map((text) -> text.replaceAll("\\s+", " ").strip()).toList();
	}

	private List<String> numbers() {
		return browser.texts("#results td.number");
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	void everyoneCanUseThem(String scheme) throws IOException {
		browser.colorScheme(scheme);
		for (String page : PAGES) {
			open(page);
			assertThat(browser.barriers()).as(page).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void searchAndPage(boolean scripts) {
		browser.scripts(scripts);
		open("/?size=4");
		assertThat(numbers()).containsExactly("#11", "#10", "#9", "#8");
		browser.find("a[rel=next]").click();
		await().until(() -> numbers().equals(List.of("#7", "#6", "#5", "#4")));
		browser.find("a[rel=prev]").click();
		await().until(() -> numbers().equals(List.of("#11", "#10", "#9", "#8")));
		browser.find("a[rel=last]").click();
		await().until(() -> numbers().equals(List.of("#3", "#2", "#1", "#0")));
		browser.find("#name").sendKeys("Invoice");
		browser.find("#text").sendKeys("acme", Keys.ENTER);
		await().until(() -> numbers().equals(List.of("#3")));
		assertThat(browser.texts("#results mark")).containsExactly("Acme");
		// Without what was left empty, and without the place in the pages before
		await().until(() -> browser.address().endsWith("/?name=Invoice&text=acme&size=4"));
		browser.reload();
		assertThat(numbers()).containsExactly("#3");
	}

	@Test
	void switchToUtcAndBack() {
		open("/?from=2026-05-01T12:09");
		assertThat(browser.texts("#results td.time")).first().isEqualTo("2026-05-01 12:12:00.000");
		browser.awaitText(".zone-switch", "Europe/Berlin (now UTC+0");
		browser.find(".zone-switch a").click();
		browser.awaitText(".zone-switch strong", "UTC");
		assertThat(browser.texts("#results td.time")).hasSize(4).first().isEqualTo("2026-05-01 10:12:00.000");
		assertThat(browser.find("#from").getDomProperty("value")).startsWith("2026-05-01T10:09");
		browser.find(".zone-switch a").click();
		browser.awaitText(".zone-switch strong", "Europe/Berlin");
		assertThat(browser.texts("#results td.time")).hasSize(4);
	}

	@Test
	void sayWhatIsMissing() {
		// Both is done soon after the start
		await().untilAsserted(() -> {
			browser.reload();
			assertThat(texts("#status .fact"))
				.contains("Incomplete from 2026-05-01 12:01:00 to 2026-05-01 12:12:00 12 entries",
						"Gaps 1 since 2026-05-01 12:10:00")
				.anyMatch((fact) -> fact.matches("Last recorded \\d+ days ago"))
				.anyMatch((fact) -> fact.matches("Verified to #11 at [\\d: -]+"))
				.anyMatch((fact) -> fact.matches("Anchored to #11 at [\\d: -]+"));
		});
		browser.awaitText("#results tr.kind-gap", "Updates may be missing after position 1008");
		open("/?name=Invoice");
		browser.awaitText("#results .notice", "1 gap in the log: entries may be missing");
		browser.find("#results .notice a").click();
		await().until(() -> numbers().equals(List.of("#9")));
		open("/?name=Invoice&to=2026-05-01T12:05");
		browser.find("#results .count");
		assertThat(browser.texts("#results .notice")).isEmpty();
	}

	@Test
	void sayWhatIsWrong() {
		open("/?from=yesterday&name=Invoice");
		browser.awaitText("#results .problem", "'from' is not a time");
		assertThat(browser.find("#name").getDomProperty("value")).isEqualTo("Invoice");
		assertThat(browser.texts("#results table")).isEmpty();
	}

	@Test
	void showATaskWithAllVersions() {
		browser.find("td.task a", (link) -> link.getText().startsWith("Invoice")).click();
		browser.awaitText("h1", "Invoice");
		assertThat(browser.texts(".step .version")).containsExactly("output page, version 1",
				"output page, version 2, compared with #2");
		assertThat(texts(".step del")).containsExactly("\"pages\": 2,", "\"supplier\": \"unknown\",",
				"\"total\": 12.50");
		assertThat(texts(".step ins")).containsExactly("\"pages\": 3,", "\"supplier\": \"Acme\",", "\"total\": 12.50,",
				"\"currency\": \"EUR\"");
	}

	@Test
	void showErasedPayloadsAsErased() {
		browser.awaitText("#results tr.outcome-failed .erased", "payload erased");
		open("/tasks/" + SampleLog.FAILED);
		browser.awaitText(".step .erased", "The payload was erased");
	}

	@Test
	void printWithoutControls() {
		open("/tasks/" + SampleLog.INVOICE);
		browser.media("print");
		assertThat(browser.texts(".bar nav, .user, .crumbs, .screen")).isEmpty();
		assertThat(browser.texts(".step")).hasSize(6);
		assertThat(browser.style(".step ins", "text-decoration-line")).isEqualTo("underline");
		assertThat(browser.style(".step del", "text-decoration-line")).isEqualTo("line-through");
		browser.media("screen");
	}

	@Test
	void showHostileTextAsText() {
		browser.awaitText("#results td.content", "<img src=x onerror=alert(1)>");
		browser.find("td.task a", (link) -> link.getText().startsWith("=cmd")).click();
		browser.awaitText("h1", "=cmd|'/c calc'!A1");
		assertThat(browser.address()).contains("/tasks?id=%3Cscript%3E");
		browser.find(".facts a", (link) -> link.getText().equals("Show UTC")).click();
		browser.awaitText(".facts", "Show Europe/Berlin");
		browser.find(".step .number").click();
		browser.awaitText("h1", "Entry #10");
		browser.awaitText("pre", "</pre><img src=x onerror=alert(1)><script>alert(1)</script>");
	}

	@Test
	void showWhoLooked() {
		open("/?name=Payment&text=nothing");
		open("/access");
		browser.awaitText("tbody tr", "search");
		assertThat(browser.texts("tbody td.content")).contains("name=Payment text=nothing");
		browser.find(".user button").click();
		browser.awaitText("[role=status]", "You are signed out");
		open("/access");
		browser.find("#username").sendKeys("ben");
		browser.find("#password").sendKeys("secret-b", Keys.ENTER);
		browser.awaitText("h1", "Not allowed");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void verifyEverything(boolean scripts) {
		browser.scripts(scripts);
		browser.find(".bar nav a", (link) -> link.getText().equals("Evidence")).click();
		browser.find("form[action$=verifications] button").click();
		await().until(() -> {
			open("/evidence");
			return browser.texts("section pre").stream().anyMatch((report) -> report.startsWith("VALID: database"));
		});
		assertThat(browser.texts("section pre")).singleElement().asString().contains("Not proven: ");
		assertThat(texts("section .facts dd")).contains("no fault");
	}

	// Nothing is held or erased here, as all tests share the log
	@Test
	void askBeforePayloadsAreErased() throws IOException {
		browser.scripts(false);
		open("/evidence");
		browser.find("#erase-task").sendKeys(SampleLog.INVOICE);
		browser.find("#erase-reason").sendKeys("Request <17>", Keys.ENTER);
		browser.awaitText("h1", "Erase 5 payloads?");
		assertThat(texts(".facts dd")).containsExactly(SampleLog.INVOICE, "Request <17>");
		browser.scripts(true);
		assertThat(browser.barriers()).isEmpty();
		browser.find("main a", (link) -> link.getText().equals("Cancel")).click();
		browser.awaitText("h1", "Evidence");
		browser.find("#hold-task").sendKeys(SampleLog.INVOICE);
		browser.find("#hold-reason").sendKeys("   ", Keys.ENTER);
		browser.awaitText(".problem", "A reason of at most 1000 characters is needed.");
		assertThat(browser.find("#hold-task").getDomProperty("value")).isEqualTo(SampleLog.INVOICE);
		assertThat(browser.barriers()).isEmpty();
	}

	@Test
	void saveExports() {
		browser.find(".exports a").click();
		await().until(() -> {
			String[] saved = browser.downloads().toFile().list();
			return saved != null && saved.length == 1 && saved[0].endsWith(".zip");
		});
	}

}
