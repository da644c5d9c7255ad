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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.modulith.events.EventPublication;
import org.springframework.modulith.events.IncompleteEventPublications;
import org.springframework.modulith.events.config.EventPublicationAutoConfiguration;
import org.springframework.modulith.events.core.EventPublicationRepository;
import org.springframework.modulith.events.core.EventSerializer;
import org.springframework.modulith.events.core.PublicationTargetIdentifier;
import org.springframework.modulith.events.core.TargetEventPublication;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.util.ClassUtils;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.task.PostgresDatabase;
import cloud.requence.task.PostgresExtension;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Updates in the event publication registry of Spring Modulith, which writes what a
 * listener has not handled as JSON and brings it back later.
 */
@ExtendWith(PostgresExtension.class)
class EventPublicationRegistryTests {

	/** Comes with whichever part of the registry keeps publications. */
	private static final Class<?> SERIALIZATION = ClassUtils
		.resolveClassName("org.springframework.modulith.events.jackson.JacksonEventSerializationConfiguration", null);

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	@AfterEach
	void stopEmulator() {
		this.emulator.close();
	}

	@Test
	void everyUpdateComesBackAsItWas(PostgresDatabase database) {
		playAllTypes();
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RequenceTaskAutoConfiguration.class,
					RequenceTaskCheckpointAutoConfiguration.class, WebClientAutoConfiguration.class,
					JacksonAutoConfiguration.class, EventPublicationAutoConfiguration.class, SERIALIZATION,
					PropertyPlaceholderAutoConfiguration.class))
			.withUserConfiguration(Application.class)
			.withBean(DataSource.class, database::dataSource)
			.withPropertyValues("requence.task.access-token=" + this.emulator.accessToken(), "requence.task.since=1h",
					"requence.task.listener.transactional=true", "requence.task.checkpoint.store=metadata-store")
			.run((context) -> {
				TaskWatcher watcher = context.getBean(TaskWatcher.class);
				watcher.start();
				Failing listener = context.getBean(Failing.class);
				int expected = (int) this.emulator.lastPosition();
				await().atMost(Duration.ofSeconds(30)).until(() -> listener.seen().size() == expected);
				List<TaskUpdate> first = List.copyOf(listener.seen());
				Repository repository = context.getBean(Repository.class);
				await().untilAsserted(() -> assertThat(repository.findIncompletePublications()).hasSize(expected));
				listener.seen().clear();
				listener.heal();
				context.getBean(IncompleteEventPublications.class)
					.resubmitIncompletePublications((publication) -> true);
				assertThat(listener.seen()).containsExactlyInAnyOrderElementsOf(first);
				assertThat(repository.findIncompletePublications()).isEmpty();
			});
	}

	private void playAllTypes() {
		TaskScript task = this.emulator.task("invoice").input(Map.of("amount", 12.50)).start();
		task.nodeStart("check")
			.nodeUpdate("check", Map.of("ok", true))
			.nodeDefer("check", "later")
			.nodeError("check", "no")
			.nodeEnd("check")
			.end(Map.of("total", List.of(1, 2)));
		this.emulator.task("invoice").start().fail("broken");
		this.emulator.task("invoice").start().abort("enough");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement
	static class Application {

		@Bean
		PlatformTransactionManager transactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		JdbcMetadataStore metadataStore(DataSource dataSource) {
			return new JdbcMetadataStore(dataSource);
		}

		@Bean
		Repository repository(EventSerializer serializer) {
			return new Repository(serializer);
		}

		@Bean
		Failing failing() {
			return new Failing();
		}

	}

	/**
	 * Fails until told otherwise.
	 */
	static class Failing {

		private final List<TaskUpdate> seen = new CopyOnWriteArrayList<>();

		private final AtomicBoolean fails = new AtomicBoolean(true);

		// Not the fields: the bean is a proxy
		List<TaskUpdate> seen() {
			return this.seen;
		}

		void heal() {
			this.fails.set(false);
		}

		@TransactionalEventListener
		void on(TaskUpdate update) {
			this.seen.add(update);
			if (this.fails.get()) {
				throw new IllegalStateException("Failed on purpose");
			}
		}

	}

	/**
	 * Keeps publications as text, as the registry's own repositories do.
	 */
	static class Repository implements EventPublicationRepository {

		private final Map<UUID, Stored> publications = new ConcurrentHashMap<>();

		private final EventSerializer serializer;

		Repository(EventSerializer serializer) {
			this.serializer = serializer;
		}

		@Override
		public TargetEventPublication create(TargetEventPublication publication) {
			this.publications.put(publication.getIdentifier(), new Stored(publication.getEvent().getClass(),
					this.serializer.serialize(publication.getEvent()), publication));
			return publication;
		}

		@Override
		public boolean markResubmitted(UUID identifier, Instant instant) {
			return this.publications.containsKey(identifier);
		}

		@Override
		public void markFailed(UUID identifier) {
			// Incomplete all the same
		}

		@Override
		public void markProcessing(UUID identifier) {
			// Incomplete all the same
		}

		@Override
		public void markCompleted(Object event, PublicationTargetIdentifier identifier, Instant instant) {
			Object text = this.serializer.serialize(event);
			this.publications.values().removeIf((stored) -> stored.text().equals(text));
		}

		@Override
		public void markCompleted(UUID identifier, Instant instant) {
			this.publications.remove(identifier);
		}

		@Override
		public List<TargetEventPublication> findIncompletePublications() {
			return this.publications.values().stream().map(this::restore).toList();
		}

		@Override
		public List<TargetEventPublication> findIncompletePublicationsPublishedBefore(Instant instant) {
			return findIncompletePublications();
		}

		@Override
		public Optional<TargetEventPublication> findIncompletePublicationsByEventAndTargetIdentifier(Object event,
				PublicationTargetIdentifier identifier) {
			return findIncompletePublications().stream()
				.filter((publication) -> publication.isAssociatedWith(event, identifier))
				.findFirst();
		}

		private TargetEventPublication restore(Stored stored) {
			return new Restored(stored.original(), this.serializer.deserialize(stored.text(), stored.type()));
		}

		@Override
		public void deletePublications(List<UUID> identifiers) {
			identifiers.forEach(this.publications::remove);
		}

		@Override
		public void deleteCompletedPublications() {
			// None is kept
		}

		@Override
		public void deleteCompletedPublicationsBefore(Instant instant) {
			// None is kept
		}

		/**
		 * A publication as text.
		 *
		 * @param type the type of the event
		 * @param text the event
		 * @param original all but the event
		 */
		private record Stored(Class<?> type, Object text, TargetEventPublication original) {

		}

	}

	/**
	 * A publication that was read.
	 *
	 * @param original all but the event
	 * @param event the event
	 */
	private record Restored(TargetEventPublication original, Object event) implements TargetEventPublication {

		@Override
		public UUID getIdentifier() {
			return this.original.getIdentifier();
		}

		@Override
		public Object getEvent() {
			return this.event;
		}

		@Override
		public Instant getPublicationDate() {
			return this.original.getPublicationDate();
		}

		@Override
		public Optional<Instant> getCompletionDate() {
			return this.original.getCompletionDate();
		}

		@Override
		public EventPublication.Status getStatus() {
			return this.original.getStatus();
		}

		@Override
		public Instant getLastResubmissionDate() {
			return this.original.getLastResubmissionDate();
		}

		@Override
		public int getCompletionAttempts() {
			return this.original.getCompletionAttempts();
		}

		@Override
		public PublicationTargetIdentifier getTargetIdentifier() {
			return this.original.getTargetIdentifier();
		}

		@Override
		public void markCompleted(Instant instant) {
			this.original.markCompleted(instant);
		}

	}

}
