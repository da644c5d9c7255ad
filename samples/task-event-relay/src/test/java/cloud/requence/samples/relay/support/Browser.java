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

package cloud.requence.samples.relay.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.logging.Level;

import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.opentest4j.TestAbortedException;

import org.springframework.util.FileSystemUtils;

import static org.awaitility.Awaitility.await;

/**
 * A headless Chromium. Where there is none, tests are skipped; with the environment
 * variable {@code CI=true} they fail.
 */
public final class Browser implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Path profile;

	private final ChromeDriver driver;

	private Browser(Path profile, ChromeDriver driver) {
		this.profile = profile;
		this.driver = driver;
	}

	public static Browser start() throws IOException {
		Path chromium = program("chromium");
		Path chromeDriver = program("chromedriver");
		Path profile = Files.createTempDirectory("relay-browser");
		ChromeOptions options = new ChromeOptions().setBinary(chromium.toFile())
			.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
					"--disable-background-networking", "--disable-component-update", "--disable-sync",
					"--window-size=1440,1000", "--user-data-dir=" + profile);
		options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
		ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(chromeDriver.toFile())
			.build();
		return new Browser(profile, new ChromeDriver(service, options));
	}

	private static Path program(String program) {
		for (String directory : Objects.requireNonNullElse(System.getenv("PATH"), "").split(":")) {
			Path candidate = Path.of(directory, program);
			if (Files.isExecutable(candidate)) {
				return candidate;
			}
		}
		String reason = "There is no " + program;
		throw "true".equals(System.getenv("CI")) ? new IllegalStateException(reason) : new TestAbortedException(reason);
	}

	public void open(String address) {
		this.driver.get(address);
	}

	public void reload() {
		this.driver.navigate().refresh();
	}

	/**
	 * Switch scripts off, or on again.
	 */
	public void scripts(boolean enabled) {
		this.driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !enabled));
	}

	public void colorScheme(String scheme) {
		this.driver.executeCdpCommand("Emulation.setEmulatedMedia",
				Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
	}

	/**
	 * Wait for an element that is shown and has a property.
	 */
	public WebElement find(String css, Predicate<WebElement> property) {
		return await().atMost(PATIENCE)
			.ignoreException(StaleElementReferenceException.class)
			.until(() -> this.driver.findElements(By.cssSelector(css))
				.stream()
				.filter((element) -> element.isDisplayed() && property.test(element))
				.findFirst()
				.orElse(null), Objects::nonNull);
	}

	public WebElement find(String css) {
		return find(css, (element) -> true);
	}

	public WebElement awaitText(String css, String text) {
		return find(css, (element) -> element.getText().contains(text));
	}

	public List<String> texts(String css) {
		return await().atMost(PATIENCE)
			.ignoreException(StaleElementReferenceException.class)
			.until(() -> this.driver.findElements(By.cssSelector(css))
				.stream()
				.filter(WebElement::isDisplayed)
				.map(WebElement::getText)
				.toList(), (texts) -> true);
	}

	/**
	 * Return what keeps people with a screen reader or a keyboard from using the page.
	 * @return the rules that are broken and where
	 */
	public List<?> barriers() throws IOException {
		try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
			this.driver
				.executeScript(new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8));
		}
		this.driver.manage().timeouts().scriptTimeout(PATIENCE);
		Object barriers = this.driver.executeAsyncScript("const done = arguments[arguments.length - 1];"
				+ "axe.run({ resultTypes: ['violations'] }).then((found) => done(found.violations.flatMap((rule) => rule.nodes.map("
				+ "(node) => rule.id + ': ' + node.html))), (error) => done([String(error)]))");
		return (List<?>) Objects.requireNonNull(barriers);
	}

	/**
	 * Return what the page has logged as an error and is none of the network.
	 * @return messages
	 */
	public List<String> errors() {
		return this.driver.manage()
			.logs()
			.get(LogType.BROWSER)
			.getAll()
			.stream()
			.filter((entry) -> entry.getLevel().intValue() >= Level.WARNING.intValue())
			.map(LogEntry::getMessage)
			.filter((message) -> !message.contains("net::ERR"))
			.toList();
	}

	@Override
	public void close() throws IOException {
		this.driver.quit();
		FileSystemUtils.deleteRecursively(this.profile);
	}

}
