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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.sql.DataSource;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.jdbc.core.JdbcTemplate;

import cloud.requence.emulator.EmulatedFile;
import cloud.requence.emulator.EmulatedTaskStatus;
import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.task.DeadLetter;
import cloud.requence.task.DeadLetterHandler;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskFile;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.deadletter.DeadLetterReplay;
import cloud.requence.task.deadletter.JdbcDeadLetters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RequenceTaskDeadLetterAutoConfiguration}, with applications that watch
 * the emulator.
 */
@ExtendWith(OutputCaptureExtension.class)
class RequenceTaskDeadLetterAutoConfigurationTests {

	private RequenceEmulator emulator;

	private ApplicationContextRunner runner;

	@BeforeEach
	void start() {
		this.emulator = RequenceEmulator.builder().build().start();
		this.runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RequenceTaskAutoConfiguration.class,
					RequenceTaskCheckpointAutoConfiguration.class, RequenceTaskDeadLetterAutoConfiguration.class,
					DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
					DataSourceInitializationAutoConfiguration.class, WebClientAutoConfiguration.class,
					ReactiveHttpClientAutoConfiguration.class, HttpClientAutoConfiguration.class))
			.withPropertyValues("requence.task.access-token=" + this.emulator.accessToken(),
					"requence.task.listener.retry.max-retries=1", "requence.task.listener.retry.delay=1ms",
					"spring.datasource.generate-unique-name=true");
	}

	@AfterEach
	void stop() {
		this.emulator.close();
	}

	private void awaitStreaming(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		await().until(() -> context.getBean(TaskWatcher.class).status().connection().connectedSince() != null);
	}

	@Test
	void thereIsNoTableUnlessAskedFor() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(JdbcDeadLetters.class)
			.doesNotHaveBean(DeadLetterReplay.class)
			.doesNotHaveBean("requenceTaskDeadLetterDatabaseInitializer"));
	}

	@Test
	void needsJdbc() {
		this.runner.withPropertyValues("requence.task.dead-letter.store=jdbc")
			.withClassLoader(new FilteredClassLoader("org.springframework.jdbc"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage(
						"Property 'requence.task.dead-letter.store' needs Spring JDBC, which is not on the class path")
				.extracting("remedy", InstanceOfAssertFactories.STRING)
				.contains("org.springframework.boot:spring-boot-starter-jdbc"));
	}

	@Test
	void aTableThatIsNeverWrittenIsWarnedOf(CapturedOutput output) {
		this.runner.withPropertyValues("requence.task.dead-letter.store=jdbc", "requence.task.listener.on-failure=stop")
			.run((context) -> assertThat(output).contains("Property 'requence.task.dead-letter.store' has no effect")
				.contains("as 'requence.task.listener.on-failure' is not 'skip'"));
	}

	@Test
	void needsAScriptForTheDatabase() {
		this.runner
			.withPropertyValues("requence.task.dead-letter.store=jdbc",
					"requence.task.dead-letter.schema=classpath:schema-of-another.sql")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageStartingWith(
						"Property 'requence.task.dead-letter.schema' names a script that cannot be loaded")
				.hasMessageContaining("schema-of-another.sql"));
	}

	@Test
	void aMockedWatcherNeedsNoName() {
		TaskWatcher mock = mock();
		this.runner.withPropertyValues("requence.task.dead-letter.store=jdbc")
			.withBean(TaskWatcher.class, () -> mock)
			.run((context) -> assertThat(context.getBean(DeadLetterReplay.class).replayAll()).isZero());
	}

	@Test
	void storesAndReplays() {
		this.runner.withPropertyValues("requence.task.dead-letter.store=jdbc")
			.withUserConfiguration(Invoices.class)
			.run((context) -> {
				awaitStreaming(context);
				EmulatedFile scan = this.emulator.files().store(new byte[12], "application/pdf");
				TaskScript task = this.emulator.task("invoice")
					.input(Map.of("scan", scan, "lines", this.emulator.files().claimCheck(List.of(1, 2))))
					.requireAck()
					.start()
					.end(null);
				JdbcDeadLetters letters = context.getBean(JdbcDeadLetters.class);
				await().until(() -> letters.count() == 1);
				String id = letters.ids(1).get(0);
				assertThat(letters.find(id)).satisfies((letter) -> {
					assertThat(letter.update().taskId()).isEqualTo(task.taskId());
					assertThat(letter.listener()).contains("Invoices.done");
					assertThat(letter.error()).contains("IllegalStateException: broken");
					assertThat(letter.failures()).isEqualTo(2);
				});
				assertThat(new JdbcTemplate(context.getBean(DataSource.class))
					.queryForMap("select * from REQUENCE_DEAD_LETTER")
					.toString()).doesNotContain(this.emulator.accessToken());
				DeadLetterReplay replay = context.getBean(DeadLetterReplay.class);
				assertThatIllegalStateException().isThrownBy(() -> replay.replay(id)).withMessage("broken");
				assertThat(letters.count()).isEqualTo(1);
				Invoices invoices = context.getBean(Invoices.class);
				invoices.broken = false;
				assertThat(replay.replayAll()).isEqualTo(1);
				assertThat(invoices.done).containsExactly("12 bytes, 2 lines");
				assertThat(letters.count()).isZero();
				await().until(() -> this.emulator.status(task.taskId()) == EmulatedTaskStatus.SUCCESSFUL);
			});
	}

	@Test
	void replayAcknowledgesNothingUnlessTheWatcherWould() {
		this.runner.withPropertyValues("requence.task.dead-letter.store=jdbc", "requence.task.ack.mode=none")
			.withUserConfiguration(Invoices.class)
			.run((context) -> {
				awaitStreaming(context);
				this.emulator.task("invoice").requireAck().start().end(null);
				JdbcDeadLetters letters = context.getBean(JdbcDeadLetters.class);
				await().until(() -> letters.count() == 1);
				context.getBean(TaskWatcher.class).stop();
				context.getBean(Invoices.class).broken = false;
				// A stopped watcher refuses to acknowledge
				assertThat(context.getBean(DeadLetterReplay.class).replayAll()).isEqualTo(1);
			});
	}

	@Test
	void replayRefusesAnEndThatAStoppedWatcherCannotAcknowledge() {
		this.runner.withPropertyValues("requence.task.dead-letter.store=jdbc")
			.withUserConfiguration(Invoices.class)
			.run((context) -> {
				awaitStreaming(context);
				this.emulator.task("invoice").requireAck().start().end(null);
				JdbcDeadLetters letters = context.getBean(JdbcDeadLetters.class);
				await().until(() -> letters.count() == 1);
				context.getBean(TaskWatcher.class).stop();
				context.getBean(Invoices.class).broken = false;
				DeadLetterReplay replay = context.getBean(DeadLetterReplay.class);
				assertThatIllegalStateException().isThrownBy(() -> replay.replay(letters.ids(1).get(0)))
					.withMessageContaining("not running");
				assertThat(letters.count()).isEqualTo(1);
			});
	}

	@Test
	void storesInTheTransactionOfTheCheckpoint() {
		this.runner
			.withPropertyValues("requence.task.dead-letter.store=jdbc", "requence.task.checkpoint.store=metadata-store",
					"requence.task.listener.transactional=true",
					"spring.sql.init.schema-locations=classpath:org/springframework/integration/jdbc/schema-h2.sql")
			.withUserConfiguration(Invoices.class, Metadata.class)
			.run((context) -> {
				awaitStreaming(context);
				this.emulator.task("invoice").start().end(null);
				await().until(() -> context.getBean(JdbcDeadLetters.class).count() == 1);
				assertThat(new JdbcTemplate(context.getBean(DataSource.class))
					.queryForList("select METADATA_VALUE from INT_METADATA_STORE", String.class)).singleElement()
					.asString()
					.contains("\"position\":2");
			});
	}

	@Test
	void findsAtTheStartThatTheTableIsMissing() {
		this.runner
			.withPropertyValues("requence.task.dead-letter.store=jdbc",
					"requence.task.dead-letter.initialize-schema=never")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidPropertyException.class, (ex) -> {
					assertThat(ex).hasMessageContaining("REQUENCE_DEAD_LETTER");
					assertThat(ex.remedy()).contains("requence.task.dead-letter.initialize-schema");
				}));
	}

	@Test
	void usesAScriptOfTheApplication() {
		this.runner
			.withPropertyValues("requence.task.dead-letter.store=jdbc",
					"requence.task.dead-letter.schema=classpath:my-@@platform@@.sql")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("my-h2.sql"));
	}

	@Test
	void needsADataSource() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RequenceTaskAutoConfiguration.class,
					RequenceTaskDeadLetterAutoConfiguration.class))
			.withPropertyValues("requence.task.dead-letter.store=jdbc",
					"requence.task.access-token=" + this.emulator.accessToken())
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class)
				.hasMessageContaining("requence.task.dead-letter.store"));
	}

	@Test
	void aHandlerOfTheApplicationReplacesTheTable() {
		List<DeadLetter> letters = new CopyOnWriteArrayList<>();
		this.runner.withBean(DeadLetterHandler.class, () -> letters::add)
			.withUserConfiguration(Invoices.class)
			.withPropertyValues("requence.task.dead-letter.store=jdbc")
			.run((context) -> {
				awaitStreaming(context);
				this.emulator.task("invoice").start().end(null);
				await().atMost(Duration.ofSeconds(20)).until(() -> letters.size() == 1);
				assertThat(context).doesNotHaveBean(JdbcDeadLetters.class).doesNotHaveBean(DeadLetterReplay.class);
			});
	}

	@Test
	void scriptsArePartOfANativeImage() {
		RuntimeHints hints = new RuntimeHints();
		new RequenceTaskDeadLetterAutoConfiguration.Scripts().registerHints(hints, null);
		assertThat(
				RuntimeHintsPredicates.resource().forResource("cloud/requence/task/deadletter/schema-postgresql.sql"))
			.accepts(hints);
	}

	@Configuration(proxyBeanMethods = false)
	static class Invoices {

		private final List<String> done = new CopyOnWriteArrayList<>();

		private volatile boolean broken = true;

		@EventListener
		void done(TaskEnd end) throws Exception {
			if (this.broken) {
				throw new IllegalStateException("broken");
			}
			if (end.context().input() != null && end.context().input().tree().has("scan")) {
				Invoice invoice = end.context().input().as(Invoice.class);
				this.done.add(
						invoice.scan().getContentAsByteArray().length + " bytes, " + invoice.lines().size() + " lines");
			}
		}

		record Invoice(TaskFile scan, List<Integer> lines) {

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Metadata {

		@Bean
		@DependsOnDatabaseInitialization
		JdbcMetadataStore metadataStore(DataSource dataSource) {
			return new JdbcMetadataStore(dataSource);
		}

	}

}
