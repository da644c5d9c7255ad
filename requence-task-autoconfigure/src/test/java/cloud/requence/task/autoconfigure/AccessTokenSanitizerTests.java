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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.context.properties.ConfigurationPropertiesReportEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.env.EnvironmentEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

import cloud.requence.task.TestAccessTokens;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AccessTokenSanitizer} with Actuator's endpoints that show all values.
 */
class AccessTokenSanitizerTests {

	private static final String TOKEN = TestAccessTokens.api("my-secret", "http://127.0.0.1:1/task");

	private static final String OTHER = TestAccessTokens.api("your-secret", "http://127.0.0.1:1/task");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RequenceTaskAutoConfiguration.class))
		.withPropertyValues("requence.task.auto-startup=false", "harmless=harmless value");

	@ParameterizedTest
	@ValueSource(strings = { "requence.task.access-token", "requence.task.accessToken", "requence.task.access_token" })
	void itsPropertyShowsNothing(String name) {
		this.runner.withPropertyValues(name + "=" + TOKEN).run(this::assertNothingIsShown);
	}

	@Test
	void theSharedPropertyShowsNothing() {
		this.runner.withPropertyValues("requence.access-token=" + TOKEN).run(this::assertNothingIsShown);
	}

	@Test
	void anUnusedSharedPropertyShowsNothing() {
		this.runner.withPropertyValues("requence.task.access-token=" + OTHER, "requence.access-token=" + TOKEN)
			.run(this::assertNothingIsShown);
	}

	@ParameterizedTest
	@ValueSource(strings = { "REQUENCE_TASK_ACCESS_TOKEN", "REQUENCE_TASK_ACCESSTOKEN", "REQUENCE_ACCESS_TOKEN" })
	void environmentVariablesShowNothing(String name) {
		this.runner
			.withInitializer((context) -> add(context.getEnvironment(),
					new SystemEnvironmentPropertySource("test-systemEnvironment",
							new LinkedHashMap<>(Map.of(name, TOKEN)))))
			.run(this::assertNothingIsShown);
	}

	@Test
	void nothingElseThatHoldsItShowsIt() {
		this.runner
			.withInitializer((context) -> add(context.getEnvironment(),
					new MapPropertySource("own",
							Map.of("requence.task.access-token", "${my.own}", "my.own", TOKEN, "sun.java.command",
									"app.jar --my.own=" + TOKEN, "header", "Bearer my-secret"))))
			.run(this::assertNothingIsShown);
	}

	@Test
	void aTokenThatCannotBeReadShowsNothingEither() {
		SanitizingFunction sanitizer = new AccessTokenSanitizer(
				new MockEnvironment().withProperty("requence.access-token", "no token"));
		assertThat(sanitizer.apply(new SanitizableData(null, "other", "--requence.access-token=no token")).getValue())
			.isEqualTo(SanitizableData.SANITIZED_VALUE);
	}

	private void add(ConfigurableEnvironment environment, MapPropertySource source) {
		environment.getPropertySources().addFirst(source);
	}

	private void assertNothingIsShown(ApplicationContext context) {
		List<SanitizingFunction> sanitizing = context.getBeanProvider(SanitizingFunction.class)
			.orderedStream()
			.toList();
		EnvironmentEndpoint env = new EnvironmentEndpoint(context.getEnvironment(), sanitizing, Show.ALWAYS);
		assertShowsNothing(env.environment(null));
		assertShowsNothing(env.environmentEntry("requence.task.access-token"));
		ConfigurationPropertiesReportEndpoint configprops = new ConfigurationPropertiesReportEndpoint(sanitizing,
				Show.ALWAYS);
		configprops.setApplicationContext(context);
		assertShowsNothing(configprops.configurationProperties());
		assertThat(JsonMapper.shared().writeValueAsString(env.environment(null))).contains("harmless value");
	}

	private void assertShowsNothing(Object response) {
		assertThat(JsonMapper.shared().writeValueAsString(response)).doesNotContain("my-secret", TOKEN);
	}

}
