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

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Lock;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.integration.metadata.MetadataStore;
import org.springframework.integration.metadata.PropertiesPersistingMetadataStore;
import org.springframework.integration.metadata.SimpleMetadataStore;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;
import org.springframework.integration.support.locks.DefaultLockRegistry;
import org.springframework.integration.support.locks.LockRegistry;
import org.springframework.transaction.PlatformTransactionManager;

import cloud.requence.task.CheckpointStore;
import cloud.requence.task.Leadership;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherFactory;
import cloud.requence.task.TaskWatcherStatus.State;
import cloud.requence.task.TestAccessTokens;
import cloud.requence.task.store.FileCheckpointStore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link RequenceTaskCheckpointAutoConfiguration} and
 * {@link RequenceTaskLeaderElectionAutoConfiguration}.
 */
class DurabilityAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RequenceTaskAutoConfiguration.class,
				RequenceTaskCheckpointAutoConfiguration.class, RequenceTaskLeaderElectionAutoConfiguration.class,
				WebClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
				HttpClientAutoConfiguration.class))
		.withPropertyValues("requence.task.access-token=" + TestAccessTokens.api("secret", "http://127.0.0.1:1/api"));

	private static TaskWatcher watcher(AssertableApplicationContext context) {
		assertThat(context).hasNotFailed();
		return context.getBean(TaskWatcher.class);
	}

	private static void assertFailure(AssertableApplicationContext context, String... messages) {
		assertThat(context).hasFailed().getFailure().rootCause().message().contains(messages);
	}

	@Test
	void thereIsNoCheckpointUnlessAskedFor() {
		this.runner.withBean(SimpleMetadataStore.class)
			.run((context) -> assertThat(watcher(context).status().checkpoint()).isNull());
	}

	@Test
	void nothingIsLeftIfTasksAreNotWatched() {
		this.runner
			.withPropertyValues("requence.task.enabled=false", "requence.task.checkpoint.store=file",
					"requence.task.listener.transactional=true", "requence.task.leader-election.enabled=true")
			.run((context) -> assertThat(Arrays.stream(context.getBeanDefinitionNames())
				.map(context::getType)
				.filter((type) -> type != null && type.getName().startsWith("cloud.requence"))).isEmpty());
	}

	@Nested
	class InAFile {

		@TempDir
		private Path directory;

		@Test
		void isWhereItWasAskedFor() {
			Path file = this.directory.resolve("my.checkpoint");
			runner.withPropertyValues("requence.task.checkpoint.store=file", "requence.task.checkpoint.file=" + file)
				.run((context) -> {
					assertThat(watcher(context).status().checkpoint()).isNotNull();
					assertThat(file).content().contains("\"baseUrl\":\"http://127.0.0.1:1/api\"");
				});
		}

		@Test
		void isAnotherForEachWatcher() {
			Path file = this.directory.resolve("my.checkpoint");
			runner.withPropertyValues("requence.task.checkpoint.store=file", "requence.task.checkpoint.file=" + file)
				.withUserConfiguration(FurtherWatcher.class)
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(file).exists();
					assertThat(this.directory.resolve("my.checkpoint.further")).exists();
				});
		}

		@Test
		void needsNeitherIntegrationNorTransactions() {
			runner
				.withClassLoader(new FilteredClassLoader("org.springframework.integration",
						"org.springframework.transaction", "org.springframework.dao"))
				.withPropertyValues("requence.task.checkpoint.store=file",
						"requence.task.checkpoint.file=" + this.directory.resolve("my.checkpoint"))
				.run((context) -> assertThat(watcher(context).isRunning()).isTrue());
		}

	}

	@Nested
	class InAMetadataStore {

		@Test
		void hasTheNameOfTheApplicationAsItsKey() {
			runner.withBean(SimpleMetadataStore.class)
				.withPropertyValues("requence.task.checkpoint.store=metadata-store", "spring.application.name=billing")
				.withUserConfiguration(FurtherWatcher.class)
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(context.getBean(MetadataStore.class).get("billing")).contains("http://127.0.0.1:1/api");
					assertThat(context.getBean(MetadataStore.class).get("billing.further")).isNotNull();
				});
		}

		@Test
		void hasTheKeyThatItIsTold() {
			runner.withBean(SimpleMetadataStore.class)
				.withPropertyValues("requence.task.checkpoint.store=metadata-store", "spring.application.name=billing",
						"requence.task.checkpoint.key=mine")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(context.getBean(MetadataStore.class).get("mine")).isNotNull();
					assertThat(context.getBean(MetadataStore.class).get("billing")).isNull();
				});
		}

		@Test
		void needsOneToBeTheOne() {
			runner.withUserConfiguration(TwoStores.class)
				.withPropertyValues("requence.task.checkpoint.store=metadata-store")
				.run((context) -> assertFailure(context,
						"'requence.task.checkpoint.store' needs one MetadataStore bean, and there are several: ", "one",
						"two"));
			runner.withUserConfiguration(TwoStores.class, PrimaryStore.class)
				.withPropertyValues("requence.task.checkpoint.store=metadata-store",
						"requence.task.checkpoint.key=mine")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(context.getBean("main", MetadataStore.class).get("mine")).isNotNull();
				});
		}

		@Test
		void needsIntegration() {
			runner.withClassLoader(new FilteredClassLoader("org.springframework.integration"))
				.withPropertyValues("requence.task.checkpoint.store=metadata-store")
				.run((context) -> assertFailure(context,
						"'requence.task.checkpoint.store' needs Spring Integration, which is not on the class path"));
		}

	}

	@Nested
	class InAStoreOfTheApplication {

		private final StringStore store = new StringStore();

		@Test
		void isThatOfTheWatcher() {
			runner.withBean(CheckpointStore.class, () -> this.store)
				.withUserConfiguration(FurtherWatcher.class)
				.run((context) -> {
					assertThat(watcher(context).status().checkpoint()).isNotNull();
					assertThat(context.getBean("furtherWatcher", TaskWatcher.class).status().checkpoint()).isNull();
					assertThat(this.store.load()).isNotNull();
				});
		}

		@Test
		void isNotUsedBesideAnother() {
			runner.withBean(CheckpointStore.class, () -> this.store)
				.withPropertyValues("requence.task.checkpoint.store=file")
				.run((context) -> assertFailure(context, "'requence.task.checkpoint.store' is set",
						"a CheckpointStore bean"));
		}

		@Test
		void takesNoPartInTransactionsIfItIsAFile(@TempDir Path directory) {
			runner.withBean(CheckpointStore.class, () -> new FileCheckpointStore(directory.resolve("checkpoint")))
				.withBean(PlatformTransactionManager.class, () -> mock(PlatformTransactionManager.class))
				.withPropertyValues("requence.task.listener.transactional=true")
				.run((context) -> assertFailure(context, "'requence.task.listener.transactional' needs a checkpoint"
						+ " that takes part in transactions, and a file does not"));
		}

		@Test
		void mayTakePartInTransactions() {
			runner.withBean(CheckpointStore.class, () -> this.store)
				.withBean(PlatformTransactionManager.class, () -> mock(PlatformTransactionManager.class))
				.withPropertyValues("requence.task.listener.transactional=true")
				.run((context) -> assertThat(context).hasNotFailed());
		}

	}

	@Nested
	class Transactions {

		private final ApplicationContextRunner transactional = runner.withBean(SimpleMetadataStore.class)
			.withPropertyValues("requence.task.listener.transactional=true",
					"requence.task.checkpoint.store=metadata-store");

		@Test
		void needAManager() {
			this.transactional.run((context) -> assertFailure(context,
					"'requence.task.listener.transactional' needs a PlatformTransactionManager bean"));
		}

		@Test
		void needOneManager() {
			this.transactional
				.withBean("a", PlatformTransactionManager.class, () -> mock(PlatformTransactionManager.class))
				.withBean("b", PlatformTransactionManager.class, () -> mock(PlatformTransactionManager.class))
				.run((context) -> assertFailure(context, "needs one PlatformTransactionManager bean"));
		}

		@ParameterizedTest
		@ValueSource(ints = { 0, 129, Integer.MAX_VALUE })
		void haveABoundedSize(int size) {
			this.transactional.withBean(PlatformTransactionManager.class, () -> mock(PlatformTransactionManager.class))
				.withPropertyValues("requence.task.listener.transaction-size=" + size)
				.run((context) -> assertFailure(context, "'requence.task.listener.transaction-size' is " + size));
		}

		@Test
		void haveASizeOnlyIfThereAreTransactions() {
			this.transactional
				.withPropertyValues("requence.task.listener.transaction-size=10",
						"requence.task.listener.transactional=false")
				.run((context) -> assertFailure(context,
						"'requence.task.listener.transaction-size' has no effect without transactions"));
		}

		@Test
		void needTheirLibrary() {
			this.transactional.withClassLoader(new FilteredClassLoader(PlatformTransactionManager.class))
				.run((context) -> assertFailure(context,
						"'requence.task.listener.transactional' needs Spring's transactions"));
		}

		@Test
		void needAStoreThatTakesPart() {
			this.transactional.withBean(PlatformTransactionManager.class, () -> mock(PlatformTransactionManager.class))
				.run((context) -> assertFailure(context, "does not take part in the transactions"));
		}

	}

	@Nested
	@ExtendWith(OutputCaptureExtension.class)
	class Warnings {

		@Test
		void areLoggedForAStoreThatWritesLate(@TempDir Path directory, CapturedOutput output) {
			PropertiesPersistingMetadataStore store = new PropertiesPersistingMetadataStore();
			store.setBaseDirectory(directory.toString());
			runner.withBean(MetadataStore.class, () -> store)
				.withPropertyValues("requence.task.checkpoint.store=metadata-store")
				.run((context) -> {
					assertThat(watcher(context).status().checkpoint()).isNotNull();
					assertThat(output).contains("a PropertiesPersistingMetadataStore, writes what it holds as a whole");
					assertThat(directory.resolve("metadata-store.properties")).content()
						.as("before it is closed")
						.contains("127.0.0.1");
				});
		}

		@ParameterizedTest
		@CsvSource({ "1, true", "2, false" })
		void areLoggedForAPoolThatIsTooSmall(int connections, boolean warns, CapturedOutput output) {
			runner.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class))
				.withBean(CheckpointStore.class, StringStore::new)
				.withBean(PlatformTransactionManager.class, () -> mock(PlatformTransactionManager.class))
				.withPropertyValues("requence.task.listener.transactional=true",
						"spring.datasource.url=jdbc:postgresql://127.0.0.1:1/none",
						"spring.datasource.hikari.maximum-pool-size=" + connections)
				.run((context) -> {
					assertThat(context).hasNotFailed();
					assertThat(output.toString().contains("A connection pool has 1 connection at most"))
						.isEqualTo(warns);
				});
		}

	}

	@Nested
	class Leader {

		private final ApplicationContextRunner elected = runner.withBean(SimpleMetadataStore.class)
			.withPropertyValues("requence.task.leader-election.enabled=true",
					"requence.task.checkpoint.store=metadata-store", "spring.application.name=billing");

		@Test
		void watchesWhenItHasTheLock() {
			RecordingRegistry locks = new RecordingRegistry();
			this.elected.withBean(LockRegistry.class, () -> locks).run((context) -> {
				TaskWatcher watcher = watcher(context);
				await().until(() -> watcher.status().state() != State.STANDBY);
				assertThat(locks.keys).containsOnly("requence-task.billing");
				assertThat(context.getBean(Leadership.class).isLeader()).isTrue();
			});
		}

		@Test
		void standsByWhileAnotherHasTheLock() {
			DefaultLockRegistry locks = new DefaultLockRegistry();
			Thread other = new Thread(() -> locks.obtain("mine").lock());
			other.start();
			this.elected.withBean(LockRegistry.class, () -> locks)
				.withPropertyValues("requence.task.leader-election.lock-key=mine")
				.run((context) -> {
					other.join();
					TaskWatcher watcher = watcher(context);
					assertThat(watcher.isRunning()).isTrue();
					assertThat(watcher.status().state()).isEqualTo(State.STANDBY);
					assertThat(context.getBean(MetadataStore.class).get("billing")).isNull();
				});
		}

		@Test
		void mayBeElectedInAnotherWay() {
			this.elected.withBean(Leadership.class, NobodyLeads::new).run((context) -> {
				assertThat(watcher(context).status().state()).isEqualTo(State.STANDBY);
				assertThat(context).doesNotHaveBean(LockRegistryLeaderInitiator.class);
			});
		}

		@Test
		void needsACheckpoint() {
			runner.withBean(LockRegistry.class, DefaultLockRegistry::new)
				.withPropertyValues("requence.task.leader-election.enabled=true")
				.run((context) -> assertFailure(context,
						"'requence.task.leader-election.enabled' needs a checkpoint from which the next leader resumes"));
		}

		@Test
		void needsIntegration() {
			runner.withClassLoader(new FilteredClassLoader("org.springframework.integration"))
				.withBean(CheckpointStore.class, StringStore::new)
				.withPropertyValues("requence.task.leader-election.enabled=true")
				.run((context) -> assertFailure(context,
						"'requence.task.leader-election.enabled' needs Spring Integration"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FurtherWatcher {

		@Bean(defaultCandidate = false)
		TaskWatcher furtherWatcher(TaskWatcherFactory factory) {
			return factory.builder("further").build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoStores {

		@Bean
		MetadataStore one() {
			return new SimpleMetadataStore();
		}

		@Bean
		MetadataStore two() {
			return new SimpleMetadataStore();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryStore {

		@Bean
		@Primary
		MetadataStore main() {
			return new SimpleMetadataStore();
		}

	}

	static class StringStore implements CheckpointStore {

		private volatile @Nullable String content;

		@Override
		public @Nullable String load() {
			return this.content;
		}

		@Override
		public boolean compareAndSet(@Nullable String expected, String checkpoint) {
			this.content = checkpoint;
			return true;
		}

	}

	static class NobodyLeads implements Leadership {

		@Override
		public boolean isLeader() {
			return false;
		}

		@Override
		public void addListener(Runnable listener) {
			// Nothing changes
		}

		@Override
		public void removeListener(Runnable listener) {
			// None was kept
		}

		@Override
		public void relinquish() {
			// It never leads
		}

	}

	static class RecordingRegistry implements LockRegistry<Lock> {

		private final List<Object> keys = new CopyOnWriteArrayList<>();

		private final DefaultLockRegistry delegate = new DefaultLockRegistry();

		@Override
		public Lock obtain(Object key) {
			this.keys.add(key);
			return this.delegate.obtain(key);
		}

	}

}
