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
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentCaptor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.util.unit.DataSize;

import cloud.requence.task.AckMode;
import cloud.requence.task.ContextRecovery;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskUpdateErrorHandler.Action;
import cloud.requence.task.TaskUpdateErrorHandler.Decision;
import cloud.requence.task.TaskUpdateErrorHandler.OnFailure;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcher.OnRefusedPosition;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;

/**
 * Tests for {@link RequenceTaskProperties} and {@link RequenceTaskPropertiesMapper}.
 */
class RequenceTaskPropertiesTests {

	private static RequenceTaskProperties bind(Map<String, String> values) {
		return new Binder(List.of(new MapConfigurationPropertySource(values)), null,
				ApplicationConversionService.getSharedInstance())
			.bindOrCreate("requence.task", Bindable.of(RequenceTaskProperties.class));
	}

	private static RequenceTaskProperties bind(String name, String value) {
		return bind(Map.of("requence.task." + name, value));
	}

	@Nested
	class Binding {

		@ParameterizedTest
		@ValueSource(strings = { "taskEnd,nodeError", "TASK_END,NODE_ERROR", "task-end, node-error" })
		void takesTypesOfUpdatesInAnySpelling(String only) {
			assertThat(bind("filter.only", only).getFilter().getOnly()).containsExactly(UpdateType.TASK_END,
					UpdateType.NODE_ERROR);
		}

		@ParameterizedTest
		@CsvSource({ "after-delivery, AFTER_DELIVERY", "manual, MANUAL", "none, NONE" })
		void takesTheModesOfAcknowledging(String value, AckMode expected) {
			assertThat(bind("ack.mode", value).getAck().getMode()).isEqualTo(expected);
		}

		@ParameterizedTest
		@CsvSource({ "skip, SKIP", "stop, STOP", "retry, RETRY" })
		void takesWhatToDoOnFailure(String value, OnFailure expected) {
			assertThat(bind("listener.on-failure", value).getListener().getOnFailure()).isEqualTo(expected);
		}

	}

	@Nested
	class Mapping {

		private final TaskWatcher.Builder builder = mock(TaskWatcher.Builder.class);

		private void map(RequenceTaskProperties properties) {
			new RequenceTaskPropertiesMapper(properties).apply(this.builder);
		}

		@Test
		void appliesTheDefaults() {
			map(new RequenceTaskProperties());
			then(this.builder).should().since("now");
			then(this.builder).should().autoStartup(true);
			then(this.builder).should().phase(Integer.MAX_VALUE - 100);
			then(this.builder).should().only(Set.of());
			then(this.builder).should().skipIncomplete(false);
			then(this.builder).should().responseTimeout(Duration.ofSeconds(30));
			then(this.builder).should().idleTimeout(Duration.ofMinutes(5));
			then(this.builder).should().maxEventSize(DataSize.ofMegabytes(64));
			then(this.builder).should(never()).maxAge(any());
			then(this.builder).should().reconnect(Duration.ofSeconds(1), Duration.ofSeconds(30), 2, 0.5);
			then(this.builder).should().refusedDelay(Duration.ofMinutes(5));
			then(this.builder).should().onRefusedPosition(OnRefusedPosition.RESUME_BY_TIME);
			then(this.builder).should().concurrency(1);
			then(this.builder).should().maxInFlight(256, DataSize.ofMegabytes(32));
			then(this.builder).should().shutdownTimeout(Duration.ofSeconds(10));
			then(this.builder).should().mdc(true);
			then(this.builder).should().ackMode(AckMode.AFTER_DELIVERY);
			then(this.builder).should().checkpoint(Duration.ofSeconds(1), 100);
			ArgumentCaptor<DataSize> contextSize = ArgumentCaptor.forClass(DataSize.class);
			then(this.builder).should().context(contextSize.capture(), eq(Duration.ofHours(24)));
			assertThat(contextSize.getValue().toBytes()).isEqualTo(Runtime.getRuntime().maxMemory() / 10);
			then(this.builder).should().contextRecovery(ContextRecovery.NONE);
			then(this.builder).should().references(Set.of(), DataSize.ofMegabytes(64), Duration.ofSeconds(30));
			then(this.builder).shouldHaveNoMoreInteractions();
		}

		@Test
		void appliesWhatIsSet() {
			map(bind(Map.ofEntries(Map.entry("requence.task.since", "2h"),
					Map.entry("requence.task.auto-startup", "false"), Map.entry("requence.task.phase", "7"),
					Map.entry("requence.task.filter.only", "taskEnd"),
					Map.entry("requence.task.filter.skip-incomplete", "true"),
					Map.entry("requence.task.connection.response-timeout", "3s"),
					Map.entry("requence.task.connection.idle-timeout", "4m"),
					Map.entry("requence.task.connection.max-event-size", "5MB"),
					Map.entry("requence.task.connection.max-age", "6h"),
					Map.entry("requence.task.reconnect.delay", "2s"),
					Map.entry("requence.task.reconnect.max-delay", "20s"),
					Map.entry("requence.task.reconnect.multiplier", "3"),
					Map.entry("requence.task.reconnect.jitter", "0.1"),
					Map.entry("requence.task.reconnect.refused-delay", "1m"),
					Map.entry("requence.task.reconnect.on-refused-position", "stop"),
					Map.entry("requence.task.listener.concurrency", "5"),
					Map.entry("requence.task.listener.mdc", "false"),
					Map.entry("requence.task.listener.max-in-flight", "8"),
					Map.entry("requence.task.listener.max-in-flight-size", "9MB"),
					Map.entry("requence.task.listener.shutdown-timeout", "0"),
					Map.entry("requence.task.checkpoint.interval", "12s"),
					Map.entry("requence.task.checkpoint.every", "13"), Map.entry("requence.task.ack.mode", "manual"),
					Map.entry("requence.task.context.max-size", "10MB"),
					Map.entry("requence.task.context.expire-after", "11h"),
					Map.entry("requence.task.context.recover", "fetch"),
					Map.entry("requence.task.references.allowed-hosts", "a.example,b.example:8443"),
					Map.entry("requence.task.references.max-size", "14MB"),
					Map.entry("requence.task.references.timeout", "15s"))));
			then(this.builder).should().since("2h");
			then(this.builder).should().autoStartup(false);
			then(this.builder).should().phase(7);
			then(this.builder).should().only(Set.of(UpdateType.TASK_END));
			then(this.builder).should().skipIncomplete(true);
			then(this.builder).should().responseTimeout(Duration.ofSeconds(3));
			then(this.builder).should().idleTimeout(Duration.ofMinutes(4));
			then(this.builder).should().maxEventSize(DataSize.ofMegabytes(5));
			then(this.builder).should().maxAge(Duration.ofHours(6));
			then(this.builder).should().reconnect(Duration.ofSeconds(2), Duration.ofSeconds(20), 3, 0.1);
			then(this.builder).should().refusedDelay(Duration.ofMinutes(1));
			then(this.builder).should().onRefusedPosition(OnRefusedPosition.STOP);
			then(this.builder).should().mdc(false);
			then(this.builder).should().concurrency(5);
			then(this.builder).should().maxInFlight(8, DataSize.ofMegabytes(9));
			then(this.builder).should().shutdownTimeout(Duration.ZERO);
			then(this.builder).should().ackMode(AckMode.MANUAL);
			then(this.builder).should().checkpoint(Duration.ofSeconds(12), 13);
			then(this.builder).should().context(DataSize.ofMegabytes(10), Duration.ofHours(11));
			then(this.builder).should().contextRecovery(ContextRecovery.FETCH);
			then(this.builder).should()
				.references(Set.of("a.example", "b.example:8443"), DataSize.ofMegabytes(14), Duration.ofSeconds(15));
		}

		@Test
		void leavesTheHealthToItsIndicator() {
			assertThat(new RequenceTaskProperties().getHealth().getDownAfter()).isEqualTo(Duration.ofMinutes(1));
			assertThat(new RequenceTaskProperties().getHealth().getStuckAfter()).isEqualTo(Duration.ofMinutes(5));
			assertThat(bind("health.down-after", "0").getHealth().getDownAfter()).isZero();
			assertThat(bind("health.stuck-after", "2h").getHealth().getStuckAfter()).isEqualTo(Duration.ofHours(2));
		}

		@Test
		void appliesTheConnectTimeout() {
			assertThat(new RequenceTaskPropertiesMapper(new RequenceTaskProperties()).connectTimeout())
				.isEqualTo(Duration.ofSeconds(10));
			assertThat(new RequenceTaskPropertiesMapper(bind("connection.connect-timeout", "1s")).connectTimeout())
				.isEqualTo(Duration.ofSeconds(1));
		}

		@ParameterizedTest
		@CsvSource({ "connection.response-timeout, 0", "connection.response-timeout, -1s", "connection.idle-timeout, 0",
				"connection.max-event-size, 0", "connection.max-event-size, -1B", "connection.max-age, 0",
				"reconnect.delay, 0", "reconnect.max-delay, 1ms", "reconnect.multiplier, 0.9",
				"reconnect.multiplier, NaN", "reconnect.jitter, -0.1", "reconnect.jitter, 1.1",
				"reconnect.refused-delay, -1s", "listener.max-in-flight, 0", "listener.max-in-flight-size, 0",
				"listener.concurrency, 0", "listener.shutdown-timeout, -1s", "checkpoint.interval, 0",
				"checkpoint.every, 0", "context.max-size, 0", "context.expire-after, 0", "references.max-size, 0",
				"references.timeout, 0", "references.allowed-hosts, a.example:0", "health.down-after, -1s",
				"health.stuck-after, 0" })
		void refusesWhatMakesNoSense(String name, String value) {
			assertThatExceptionOfType(InvalidPropertyException.class).isThrownBy(() -> map(bind(name, value)))
				.withMessageStartingWith("Property 'requence.task." + name + "' must ")
				.satisfies((ex) -> assertThat(ex.property()).isEqualTo("requence.task." + name));
		}

		@ParameterizedTest
		@MethodSource("cloud.requence.task.autoconfigure.RequenceTaskPropertiesTests$Metadata#defaults")
		void takesAnEmptyValueForNoneOrRefusesIt(String name) {
			try {
				map(bind(Map.of(name, "")));
			}
			catch (InvalidPropertyException ex) {
				assertThat(ex.property()).isEqualTo(name);
			}
			catch (BindException ex) {
				assertThat(String.valueOf(ex.getProperty())).contains(name);
			}
		}

		@Test
		void refusesAConnectTimeoutThatMakesNoSense() {
			RequenceTaskPropertiesMapper mapper = new RequenceTaskPropertiesMapper(
					bind("connection.connect-timeout", "0"));
			assertThatExceptionOfType(InvalidPropertyException.class).isThrownBy(mapper::connectTimeout)
				.withMessageStartingWith("Property 'requence.task.connection.connect-timeout' must ");
		}

		@Test
		void refusesWhatTheBuilderRefuses() {
			given(this.builder.since("yesterday"))
				.willThrow(new IllegalArgumentException("'since' must be a point in time"));
			assertThatExceptionOfType(InvalidPropertyException.class).isThrownBy(() -> map(bind("since", "yesterday")))
				.withMessage("Property 'requence.task.since' must be a point in time");
		}

	}

	@Nested
	class Retrying {

		private final TaskEnd update = new TaskEnd(UpdateHeader.of(UpdateType.TASK_END, "1"), TaskContext.of("1"), null,
				null, true);

		private TaskUpdateErrorHandler errorHandler(RequenceTaskProperties properties) {
			return new RequenceTaskPropertiesMapper(properties).errorHandler();
		}

		private List<Decision> decisions(TaskUpdateErrorHandler errorHandler, int failures) {
			return Stream.iterate(1, (failure) -> failure + 1)
				.limit(failures)
				.map((failure) -> errorHandler.decide(this.update, new IOException(), failure))
				.toList();
		}

		@Test
		void isDoneTwiceAndThenTheUpdateIsSkipped() {
			assertThat(decisions(errorHandler(new RequenceTaskProperties()), 3)).containsExactly(
					Decision.retryAfter(Duration.ofSeconds(1)), Decision.retryAfter(Duration.ofSeconds(2)),
					Decision.skip());
		}

		@Test
		void isDoneAsThePropertiesSay() {
			RequenceTaskProperties properties = bind(Map.of("requence.task.listener.retry.max-retries", "3",
					"requence.task.listener.retry.delay", "10ms", "requence.task.listener.retry.multiplier", "3",
					"requence.task.listener.retry.max-delay", "50ms", "requence.task.listener.on-failure", "stop"));
			assertThat(decisions(errorHandler(properties), 4)).containsExactly(
					Decision.retryAfter(Duration.ofMillis(10)), Decision.retryAfter(Duration.ofMillis(30)),
					Decision.retryAfter(Duration.ofMillis(50)), Decision.stop());
		}

		@Test
		void neverEndsIfNothingMayBeSkipped() {
			RequenceTaskProperties properties = bind(Map.of("requence.task.listener.retry.max-retries", "1",
					"requence.task.listener.retry.delay", "10ms", "requence.task.listener.retry.max-delay", "50ms",
					"requence.task.listener.on-failure", "retry"));
			assertThat(decisions(errorHandler(properties), 3)).containsExactly(
					Decision.retryAfter(Duration.ofMillis(10)), Decision.retryAfter(Duration.ofMillis(50)),
					Decision.retryAfter(Duration.ofMillis(50)));
		}

		@Test
		void isVariedByAPeriod() {
			TaskUpdateErrorHandler errorHandler = errorHandler(bind("listener.retry.jitter", "500ms"));
			assertThat(Stream.generate(() -> errorHandler.decide(this.update, new IOException(), 1)).limit(50))
				.allSatisfy((decision) -> {
					assertThat(decision.action()).isEqualTo(Action.RETRY);
					assertThat(decision.delay()).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1500));
				});
		}

		@ParameterizedTest
		@CsvSource({ "max-retries, -1", "delay, -1s", "multiplier, 0.5", "jitter, -1s", "max-delay, 0" })
		void refusesWhatMakesNoSense(String name, String value) {
			RequenceTaskProperties properties = bind("listener.retry." + name, value);
			assertThatExceptionOfType(InvalidPropertyException.class).isThrownBy(() -> errorHandler(properties))
				.satisfies((ex) -> assertThat(ex.property()).isEqualTo("requence.task.listener.retry." + name));
		}

	}

	@Nested
	class Metadata {

		private static final Set<String> WITHOUT_DEFAULT = Set.of("requence.access-token", "requence.task.access-token",
				"requence.task.base-url", "requence.task.checkpoint.key", "requence.task.connection.max-age",
				"requence.task.context.max-size", "requence.task.filter.only", "requence.task.leader-election.lock-key",
				"requence.task.references.allowed-hosts", "requence.task.ssl.bundle", "requence.task.kafka.topic",
				"requence.task.kafka.group-id", "requence.task.kafka.dead-letter-topic",
				"requence.task.kafka.replay-topic");

		@Test
		void describesEveryProperty() {
			assertThat(properties()).isNotEmpty().allSatisfy((property) -> {
				assertThat(property.path("description").asString("")).as(property.path("name").asString())
					.endsWith(".")
					.doesNotStartWith("The ")
					.doesNotStartWith("A ");
			});
		}

		@Test
		void hasADefaultWhereThereIsOne() {
			assertThat(properties().stream()
				.filter((property) -> property.path("defaultValue").isMissingNode())
				.map((property) -> property.path("name").asString()))
				.containsExactlyInAnyOrderElementsOf(WITHOUT_DEFAULT);
		}

		@ParameterizedTest
		@MethodSource("defaults")
		void agreesWithTheCode(String name, JsonNode defaultValue) {
			RequenceTaskProperties properties = new RequenceTaskProperties();
			RequenceTaskProperties bound = bind(Map.of(name, defaultValue.asString()));
			assertThat(bound).usingRecursiveComparison().isEqualTo(properties);
		}

		static Stream<Arguments> defaults() {
			return properties().stream()
				.filter((property) -> !property.path("defaultValue").isMissingNode())
				.map((property) -> Arguments.of(property.path("name").asString(), property.path("defaultValue")));
		}

		@Test
		void hasHintsForPropertiesThatExist() {
			Set<String> names = properties().stream()
				.map((property) -> property.path("name").asString())
				.collect(Collectors.toSet());
			assertThat(StreamSupport.stream(metadata().path("hints").spliterator(), false)
				.map((hint) -> hint.path("name").asString())).isNotEmpty().allMatch(names::contains);
		}

		private static List<JsonNode> properties() {
			return StreamSupport.stream(metadata().path("properties").spliterator(), false).toList();
		}

		private static JsonNode metadata() {
			try (InputStream in = RequenceTaskProperties.class
				.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
				assertThat(in).isNotNull();
				return JsonMapper.shared().readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
