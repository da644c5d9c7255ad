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

package cloud.requence.samples.dashboard.page;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.samples.dashboard.support.Browser;
import cloud.requence.samples.dashboard.support.OpenIdProvider;
import cloud.requence.samples.dashboard.support.RunningDashboard;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests in a browser for the login through an OpenID provider.
 */
class OpenIdPageTests {

	private static Browser browser;

	private final RequenceEmulator platform = RequenceEmulator.builder().build().start();

	private OpenIdProvider provider;

	private RunningDashboard board;

	@BeforeAll
	static void startBrowser() throws IOException {
		browser = Browser.start();
	}

	@AfterAll
	static void closeBrowser() throws IOException {
		browser.close();
	}

	@BeforeEach
	void startProvider() throws Exception {
		browser.clearCookies();
		this.provider = OpenIdProvider.start();
	}

	@AfterEach
	void close() {
		browser.closeTabs();
		browser.open("about:blank");
		this.board.close();
		this.provider.close();
		this.platform.close();
	}

	private void run(String... arguments) {
		List<String> all = new ArrayList<>(this.provider.arguments());
		all.addAll(List.of(arguments));
		this.board = RunningDashboard.start(this.platform, all.toArray(new String[0]));
	}

	@Test
	void theWallSignsInAgainAutomatically() {
		run();
		this.provider.user("wall", Map.of("roles", List.of("dashboard-viewer")));
		browser.open(this.board.address("/?kiosk").toString());
		this.platform.task("invoice").start().fail("No such supplier");
		browser.awaitText("#attention-list", "No such supplier");
		// Another page of the same browser ends the session, and with it the stream
		browser.openTab(this.board.address("/").toString());
		browser.awaitText("#user-name", "wall (read only)");
		browser.find("#sign-out").click();
		browser.awaitText("#left", "You are signed out");
		assertThat(this.provider.signedOut()).hasSize(1);
		browser.closeTabs();
		this.platform.task("invoice").start().fail("No such account");
		browser.awaitText("#attention-list", "No such account");
		assertThat(browser.address()).endsWith("/?kiosk");
		browser.ignoreRefusals();
	}

	@Test
	void theLoginSaysWhyAUserIsRefused() throws IOException {
		run("--dashboard.security.users.carla.password={noop}secret-c");
		this.provider.user("eve", Map.of("roles", List.of("other")));
		browser.open(this.board.address("/?view=history").toString());
		browser.find("#username");
		browser.awaitText("#providers", "Sign in with Example").click();
		browser.awaitText("#provider-problem", "Your account has no role for this board");
		await().untilAsserted(() -> assertThat(browser.barriers()).isEmpty());
		this.provider.user("anna", Map.of("roles", List.of("dashboard-operator")));
		browser.find("#providers a").click();
		browser.awaitText("#user-name", "anna");
		assertThat(browser.address()).endsWith("/?view=history");
		assertThat(browser.errors()).isEmpty();
	}

}
