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

import java.lang.reflect.Type;
import java.util.Objects;

import javax.sql.DataSource;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.jdbc.init.PlatformPlaceholderDatabaseDriverResolver;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.function.SingletonSupplier;

import cloud.requence.task.AckMode;
import cloud.requence.task.DeadLetterHandler;
import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskUpdateJson;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.deadletter.DeadLetterReplay;
import cloud.requence.task.deadletter.JdbcDeadLetters;
import cloud.requence.task.delivery.EndAcknowledgement;
import cloud.requence.task.listener.EventPublishingHandler;

/**
 * Auto-configuration for a table of updates whose retries are exhausted.
 */
@AutoConfiguration(before = RequenceTaskAutoConfiguration.class,
		afterName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
				"org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration" })
@ConditionalOnClass({ JdbcTemplate.class, DataSourceScriptDatabaseInitializer.class, DatabaseInitializationMode.class,
		TransactionOperations.class })
@ConditionalOnRequenceTaskEnabled
@ConditionalOnProperty(name = "requence.task.dead-letter.store", havingValue = "jdbc")
@ImportRuntimeHints(RequenceTaskDeadLetterAutoConfiguration.Scripts.class)
public final class RequenceTaskDeadLetterAutoConfiguration {

	private static final Log logger = LogFactory.getLog(RequenceTaskDeadLetterAutoConfiguration.class);

	private static final String PROPERTY = "requence.task.dead-letter.store";

	RequenceTaskDeadLetterAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = "requenceTaskDeadLetterDatabaseInitializer")
	static DataSourceScriptDatabaseInitializer requenceTaskDeadLetterDatabaseInitializer(
			ObjectProvider<DataSource> dataSources, RequenceTaskProperties properties) {
		DataSource dataSource = dataSource(dataSources);
		RequenceTaskProperties.DeadLetter deadLetter = properties.getDeadLetter();
		DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
		settings.setSchemaLocations(
				new PlatformPlaceholderDatabaseDriverResolver().resolveAll(dataSource, deadLetter.getSchema()));
		settings.setMode(DatabaseInitializationMode.valueOf(deadLetter.getInitializeSchema().name()));
		return new ScriptDatabaseInitializer(dataSource, settings);
	}

	private static DataSource dataSource(ObjectProvider<DataSource> dataSources) {
		return SingleBean.of(dataSources, PROPERTY, "DataSource",
				"Add the driver of the database and set 'spring.datasource.url', or declare a DataSource bean.");
	}

	@Bean
	@ConditionalOnMissingBean(DeadLetterHandler.class)
	@DependsOnDatabaseInitialization
	JdbcDeadLetters requenceTaskDeadLetters(ObjectProvider<DataSource> dataSources,
			ObjectProvider<AutoConfiguredTaskWatcherFactory> watcherFactory) {
		PayloadReader reader = new WatcherPayloadReader(
				SingletonSupplier.of(() -> watcherFactory.getObject().payloadReader()));
		JdbcDeadLetters letters = new JdbcDeadLetters(dataSource(dataSources),
				TaskUpdateJson.withContext().withPayloadReader(reader));
		checkTable(letters);
		return letters;
	}

	private static void checkTable(JdbcDeadLetters letters) {
		try {
			letters.find("");
		}
		catch (BadSqlGrammarException ex) {
			throw new InvalidPropertyException(PROPERTY,
					"needs the table REQUENCE_DEAD_LETTER, which is missing or has other columns",
					"Set 'requence.task.dead-letter.initialize-schema' to 'always', or create the table with a script such as"
							+ " 'classpath:cloud/requence/task/deadletter/schema-*.sql'.");
		}
		catch (DataAccessException ex) {
			logger.warn("The table of dead letters cannot be read. The delivery waits when an update has to be stored"
					+ " in it", ex);
		}
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(JdbcDeadLetters.class)
	DeadLetterReplay requenceTaskDeadLetterReplay(JdbcDeadLetters letters,
			ObjectProvider<PlatformTransactionManager> transactionManager, ObjectProvider<TaskUpdateHandler> handler,
			TaskWatcher watcher, RequenceTaskProperties properties, ApplicationContext applicationContext) {
		PlatformTransactionManager manager = transactionManager.getIfUnique();
		TransactionOperations transactions = (manager != null) ? new TransactionTemplate(manager)
				: TransactionOperations.withoutTransaction();
		TaskUpdateHandler custom = handler.getIfAvailable();
		EventPublishingHandler events = new EventPublishingHandler(applicationContext, () -> watcher, true);
		boolean acknowledge = properties.getAck().getMode() == AckMode.AFTER_DELIVERY;
		TaskUpdateHandler delegate = (custom != null) ? custom : events;
		// A mock has no name
		String name = Objects.requireNonNullElse(watcher.name(), WatcherConfigurer.PRIMARY);
		return new DeadLetterReplay(letters, name, transactions, (update) -> {
			// The acknowledgement follows the commit, when it is too late to refuse
			if (acknowledge && EndAcknowledgement.isRequired(update) && !watcher.isRunning()) {
				throw new IllegalStateException(
						"The watcher '" + name + "' is not running, and could not acknowledge the end of the task");
			}
			delegate.handle(update);
		}, (update) -> {
			if (acknowledge && EndAcknowledgement.isRequired(update) && (custom != null || events.hasTaken(update))) {
				watcher.acknowledge(update.taskId());
			}
		});
	}

	/**
	 * Reads payloads as the watcher does, which is created after the table.
	 */
	private record WatcherPayloadReader(SingletonSupplier<PayloadReader> delegate) implements PayloadReader {

		@Override
		public <T> T read(byte[] json, Type type) {
			return this.delegate.obtain().read(json, type);
		}

		@Override
		public byte[] resolve(byte[] json) {
			return this.delegate.obtain().resolve(json);
		}

	}

	/**
	 * Names the property if there is no script for the database.
	 */
	private static final class ScriptDatabaseInitializer extends DataSourceScriptDatabaseInitializer {

		private ScriptDatabaseInitializer(DataSource dataSource, DatabaseInitializationSettings settings) {
			super(dataSource, settings);
		}

		@Override
		public boolean initializeDatabase() {
			try {
				return super.initializeDatabase();
			}
			catch (IllegalStateException ex) {
				throw new InvalidPropertyException("requence.task.dead-letter.schema",
						"names a script that cannot be loaded (" + ex.getMessage() + ")",
						"Write a script for the database and name it, or create the table by other means and set"
								+ " 'requence.task.dead-letter.initialize-schema' to 'never'.");
			}
		}

	}

	static final class Scripts implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources().registerPattern("cloud/requence/task/deadletter/schema-*.sql");
		}

	}

}
