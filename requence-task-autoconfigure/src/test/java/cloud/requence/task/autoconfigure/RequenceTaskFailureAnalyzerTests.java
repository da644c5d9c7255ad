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

package cloud.requence.task.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.mock.env.MockEnvironment;

import cloud.requence.task.InvalidAccessTokenException;
import cloud.requence.task.RequenceTaskException;
import cloud.requence.task.TestAccessTokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link RequenceTaskFailureAnalyzer}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RequenceTaskFailureAnalyzerTests {

	private static final String TOKEN = TestAccessTokens.api("my-secret", "http://127.0.0.1:1/task");

	private static final String OTHER_KIND = TestAccessTokens.of("service", "my-secret", "amqp://a.example");

	private static final String BAD_URL = TestAccessTokens.api("my-secret", "ftp://a.example");

	@ParameterizedTest(name = "{0}")
	@MethodSource("failures")
	void aStartThatFailsIsExplained(String situation, Map<String, Object> properties, List<String> explanation,
			CapturedOutput output) {
		SpringApplication application = application(properties);
		assertThatException().isThrownBy(() -> application.run().close());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains(explanation)
			.contains("'requence.task.enabled' to 'false'")
			.doesNotContain("my-secret", TOKEN, OTHER_KIND, BAD_URL, TOKEN.substring(5, 25));
	}

	static Stream<Arguments> failures() {
		return Stream.of(
				failure("no token", Map.of(), "The access token is missing.", "Property: requence.task.access-token",
						"REQUENCE_TASK_ACCESS_TOKEN", "REQUENCE_ACCESS_TOKEN", "Set 'requence.task.access-token'",
						"none is active now"),
				failure("blank token", Map.of("requence.task.access-token", " "), "The access token is missing.",
						"Property: requence.task.access-token", "Origin: \"requence.task.access-token\" from property"),
				failure("unresolved placeholder", Map.of("requence.task.access-token", "${REQUENCE_ACCESS_TOKEN}"),
						"The access token is missing: nothing defines 'REQUENCE_ACCESS_TOKEN'.",
						"Property: requence.task.access-token"),
				failure("malformed token", Map.of("requence.task.access-token", TOKEN.substring(0, 20)),
						"The access token is malformed", "Property: requence.task.access-token",
						"Origin: \"requence.task.access-token\" from property source \"the test\"",
						"Set 'requence.task.access-token'"),
				failure("malformed shared token", Map.of("requence.access-token", "my-secret"),
						"The access token is malformed", "Property: requence.access-token",
						"Origin: \"requence.access-token\" from property source \"the test\""),
				failure("token in quotes", Map.of("requence.task.access-token", '"' + TOKEN + '"'),
						"The access token is malformed: it begins with a quotation mark."),
				failure("token of a header", Map.of("requence.task.access-token", "Bearer " + TOKEN),
						"it begins with 'Bearer', which is not a part of it."),
				failure("token with a line break",
						Map.of("requence.task.access-token", TOKEN.substring(0, 20) + "\n" + TOKEN.substring(20)),
						"it has a space or a line break inside."),
				failure("token with its variable",
						Map.of("requence.task.access-token", "REQUENCE_ACCESS_TOKEN=" + TOKEN),
						"it has a '=', as if the name of a variable was copied with it."),
				failure("misspelt token", Map.of("requence.task.acess-token", TOKEN), "The access token is missing.",
						"Property 'requence.task.acess-token' is not known and has no effect",
						"Did you mean 'requence.task.access-token'?"),
				failure("token of another kind", Map.of("requence.task.access-token", OTHER_KIND), "kind 'service'",
						"kind 'api'", "Property: requence.task.access-token"),
				failure("token with a bad URL", Map.of("requence.task.access-token", BAD_URL), "base URL is not valid",
						"Property: requence.task.access-token"),
				failure("bad base URL",
						Map.of("requence.task.access-token", TOKEN, "requence.task.base-url", "ftp://a.example"),
						"Property 'requence.task.base-url' must be an absolute http or https URL",
						"Property: requence.task.base-url",
						"Origin: \"requence.task.base-url\" from property source \"the test\"",
						"Correct the value of 'requence.task.base-url'"),
				failure("base URL without a scheme",
						Map.of("requence.task.access-token", TOKEN, "requence.task.base-url", "127.0.0.1:9420/api"),
						"Property 'requence.task.base-url' must be an absolute http or https URL: it does not begin with"
								+ " 'https://' or 'http://'."),
				failure("invalid base URL",
						Map.of("requence.task.access-token", TOKEN, "requence.task.base-url", "https://a b"),
						"Property 'requence.task.base-url' must be a URL"),
				failure("bad since", Map.of("requence.task.access-token", TOKEN, "requence.task.since", "2 parsecs"),
						"Property 'requence.task.since' must ", "Property: requence.task.since",
						"Origin: \"requence.task.since\" from property source \"the test\"",
						"Correct the value of 'requence.task.since'"),
				failure("checkpoint in a metadata store that is not there",
						Map.of("requence.task.access-token", TOKEN, "requence.task.checkpoint.store", "metadata-store"),
						"Property 'requence.task.checkpoint.store' needs a MetadataStore bean, and there is none.",
						"Origin: \"requence.task.checkpoint.store\" from property source \"the test\"",
						"Declare a MetadataStore bean, such as a JdbcMetadataStore, or set the property to 'file'."),
				failure("transactions without a checkpoint",
						Map.of("requence.task.access-token", TOKEN, "requence.task.listener.transactional", "true"),
						"Property 'requence.task.listener.transactional' needs a checkpoint that takes part in"
								+ " transactions, and 'requence.task.checkpoint.store' is 'none'.",
						"Set 'requence.task.checkpoint.store' to 'metadata-store'"),
				failure("transactions with a file",
						Map.of("requence.task.access-token", TOKEN, "requence.task.listener.transactional", "true",
								"requence.task.checkpoint.store", "file"),
						"and 'requence.task.checkpoint.store' is 'file'."),
				failure("transactions side by side",
						Map.of("requence.task.access-token", TOKEN, "requence.task.listener.transactional", "true",
								"requence.task.checkpoint.store", "metadata-store",
								"requence.task.listener.concurrency", "4"),
						"'requence.task.listener.concurrency' is 4.", "Set 'requence.task.listener.concurrency' to 1"),
				failure("transactions that wait for acknowledgements",
						Map.of("requence.task.access-token", TOKEN, "requence.task.listener.transactional", "true",
								"requence.task.checkpoint.store", "metadata-store", "requence.task.ack.mode", "manual"),
						"'requence.task.ack.mode' is 'manual'.", "Set 'requence.task.ack.mode' to 'after-delivery'"),
				failure("election without locks",
						Map.of("requence.task.access-token", TOKEN, "requence.task.leader-election.enabled", "true",
								"requence.task.checkpoint.store", "file"),
						"Property 'requence.task.leader-election.enabled' needs a LockRegistry bean, and there is none.",
						"Declare a LockRegistry bean that the instances share, such as a JdbcLockRegistry."),
				failure("SSL bundle that is not there",
						Map.of("requence.task.access-token", TOKEN, "requence.task.ssl.bundle", "platfrom"),
						"Property 'requence.task.ssl.bundle' names a bundle that is not there, 'platfrom'.",
						"Origin: \"requence.task.ssl.bundle\" from property source \"the test\"",
						"Define the bundle below 'spring.ssl.bundle', or correct its name."),
				failure("address in place of a host",
						Map.of("requence.task.access-token", TOKEN, "requence.task.references.allowed-hosts",
								"cdn.example,https://files.example/"),
						"Property 'requence.task.references.allowed-hosts' must be 'host' or 'host:port', without 'https://'"),
				failure("longest delay that is the shortest",
						Map.of("requence.task.access-token", TOKEN, "requence.task.reconnect.max-delay", "10ms"),
						"Property 'requence.task.reconnect.max-delay' must not be shorter than"
								+ " 'requence.task.reconnect.delay'"),
				failure("since without a unit",
						Map.of("requence.task.access-token", TOKEN, "requence.task.since", "1764200000000"),
						"Property 'requence.task.since' must be 'now', an ISO-8601 instant",
						"or a duration before now such as 2h"),
				failure("first delay that is longer than the longest",
						Map.of("requence.task.access-token", TOKEN, "requence.task.listener.retry.delay", "1m"),
						"Property 'requence.task.listener.retry.max-delay' must not be shorter than"
								+ " 'requence.task.listener.retry.delay'"),
				failure("home directory of a shell",
						Map.of("requence.task.access-token", TOKEN, "requence.task.checkpoint.store", "file",
								"requence.task.checkpoint.file", "~/checkpoint"),
						"Property 'requence.task.checkpoint.file' starts with '~'",
						"Write '${user.home}' in place of '~'."),
				failure("variable of a shell",
						Map.of("requence.task.access-token", TOKEN, "requence.task.checkpoint.store", "file",
								"requence.task.checkpoint.file", "$HOME/checkpoint"),
						"Property 'requence.task.checkpoint.file' has a variable without braces",
						"Write '${NAME}' in place of '$NAME'."),
				failure("negative number of retries",
						Map.of("requence.task.access-token", TOKEN, "requence.task.listener.retry.max-retries", "-1"),
						"Property 'requence.task.listener.retry.max-retries' must not be negative."),
				failure("retries that come closer",
						Map.of("requence.task.access-token", TOKEN, "requence.task.listener.retry.multiplier", "0.5"),
						"Property 'requence.task.listener.retry.multiplier' must be 1 or more."),
				failure("bad size",
						Map.of("requence.task.access-token", TOKEN, "requence.task.connection.max-event-size", "8GB"),
						"Property 'requence.task.connection.max-event-size' must be"));
	}

	private static Arguments failure(String situation, Map<String, Object> properties, String... explanation) {
		Map<String, Object> all = new LinkedHashMap<>(properties);
		all.put("requence.task.auto-startup", "false");
		return Arguments.of(situation, all, List.of(explanation));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
			requence.task.filter.only               | task-ended   | TASK_END
			requence.task.ack.mode                  | auto         | AFTER_DELIVERY
			requence.task.checkpoint.store          | redis        | METADATA_STORE
			requence.task.context.recover           | yes          | FETCH
			requence.task.reconnect.on-refused-position | ignore   | RESUME_BY_TIME
			requence.task.listener.on-failure       | ignore       | SKIP
			requence.task.listener.concurrency      | many         | failed to convert
			requence.task.connection.idle-timeout   | five minutes | 'five minutes' is not a valid duration
			requence.task.connection.max-event-size | large        | 'large' does not match data size pattern
			requence.task.filter.skip-incomplete    | perhaps      | Invalid boolean value 'perhaps'
			requence.task.enabled                   | treu         | Invalid boolean value 'treu'
			""")
	void aValueThatCannotBeReadIsExplained(String name, String value, String explanation, CapturedOutput output) {
		SpringApplication application = application(Map.of("requence.task.access-token", TOKEN, name, value));
		assertThatException().isThrownBy(() -> application.run().close());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Property: " + name)
			.contains("Value: \"" + value + "\"")
			.contains("Origin: \"" + name + "\" from property source \"the test\"")
			.containsIgnoringCase(explanation)
			.doesNotContain("my-secret", TOKEN);
	}

	@Test
	void profilesAreNamedThatAreActive(CapturedOutput output) {
		SpringApplication application = application(Map.of());
		application.setAdditionalProfiles("staging", "eu");
		assertThatException().isThrownBy(() -> application.run().close());
		assertThat(output).contains("active now: staging, eu");
	}

	private static SpringApplication application(Map<String, Object> properties) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.addInitializers((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("the test", properties)));
		return application;
	}

	@Test
	void aCheckpointThatCannotBeUsedIsExplained(@TempDir Path directory, CapturedOutput output) throws IOException {
		Path file = Files.writeString(directory.resolve("checkpoint"), "nonsense");
		SpringApplication application = application(Map.of("requence.task.access-token", TOKEN,
				"requence.task.checkpoint.store", "file", "requence.task.checkpoint.file", file.toString()));
		assertThatException().isThrownBy(() -> application.run().close());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("The checkpoint in file '" + file + "' cannot be read")
			.contains("Property: requence.task.checkpoint.store")
			.contains("Restore the checkpoint, or remove it to begin at 'since'.")
			.contains("'requence.task.enabled' to 'false'");
	}

	@Test
	void profilesAreNotSuspectedOfAValueThatIsThere(CapturedOutput output) {
		SpringApplication application = application(
				Map.of("requence.task.access-token", TOKEN, "requence.task.since", "2 parsecs"));
		assertThatException().isThrownBy(() -> application.run().close());
		assertThat(output).contains("'requence.task.enabled' to 'false'").doesNotContain("active now");
	}

	@Test
	void aDirectoryInPlaceOfACheckpointIsExplained(@TempDir Path directory, CapturedOutput output) {
		SpringApplication application = application(Map.of("requence.task.access-token", TOKEN,
				"requence.task.checkpoint.store", "file", "requence.task.checkpoint.file", directory.toString()));
		assertThatException().isThrownBy(() -> application.run().close());
		assertThat(output).contains("The checkpoint in file '" + directory + "' cannot be read")
			.contains("Set 'requence.task.checkpoint.file' to a file that the application may write");
	}

	@Test
	void failuresOfOtherCausesAreLeftToOthers() {
		RequenceTaskFailureAnalyzer analyzer = new RequenceTaskFailureAnalyzer(new MockEnvironment());
		assertThat(analyzer.analyze(new RequenceTaskException("other"))).isNull();
		assertThat(analyzer.analyze(new InvalidAccessTokenException("of a watcher that the application builds")))
			.isNull();
		assertThat(analyzer.analyze(new IllegalStateException())).isNull();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RequenceTaskAutoConfiguration.class, RequenceTaskCheckpointAutoConfiguration.class,
			RequenceTaskLeaderElectionAutoConfiguration.class, SslAutoConfiguration.class })
	static class Application {

	}

}
