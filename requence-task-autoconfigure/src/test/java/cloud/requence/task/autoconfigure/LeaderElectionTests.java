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

import cloud.requence.emulator.RequenceEmulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.integration.leader.event.OnGrantedEvent;
import org.springframework.integration.leader.event.OnRevokedEvent;
import org.springframework.integration.metadata.SimpleMetadataStore;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;
import org.springframework.integration.support.locks.DefaultLockRegistry;
import org.springframework.integration.support.locks.LockRegistry;

import cloud.requence.task.Leadership;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherStatus.State;

import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link LeaderElection}, with an initiator and a lock in memory.
 */
class LeaderElectionTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RequenceTaskAutoConfiguration.class,
				RequenceTaskCheckpointAutoConfiguration.class, RequenceTaskLeaderElectionAutoConfiguration.class,
				WebClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
				HttpClientAutoConfiguration.class))
		.withBean(SimpleMetadataStore.class)
		.withBean(LockRegistry.class, DefaultLockRegistry::new)
		.withPropertyValues("requence.task.access-token=" + this.emulator.accessToken(),
				"requence.task.leader-election.enabled=true", "requence.task.checkpoint.store=metadata-store",
				"spring.application.name=billing");

	@AfterEach
	void close() {
		this.emulator.close();
	}

	private static void awaitState(TaskWatcher watcher, State state) {
		await().atMost(PATIENCE).until(() -> watcher.status().state() == state);
	}

	@Test
	void watchesAlthoughAListenerThrowsWhenTheLeadershipIsGranted() {
		this.runner.withBean(ThrowsWhenGranted.class)
			.run((context) -> awaitState(context.getBean(TaskWatcher.class), State.STREAMING));
	}

	@Test
	void standsByAlthoughAListenerThrowsWhenTheLeadershipIsRevoked() {
		this.runner.withBean(ThrowsWhenRevoked.class).run((context) -> {
			TaskWatcher watcher = context.getBean(TaskWatcher.class);
			awaitState(watcher, State.STREAMING);
			context.getBean(LockRegistryLeaderInitiator.class).stop();
			awaitState(watcher, State.STANDBY);
		});
	}

	@Test
	void leadsAgainAfterItHasRelinquishedTheLeadership() {
		this.runner.run((context) -> {
			TaskWatcher watcher = context.getBean(TaskWatcher.class);
			Leadership leadership = context.getBean(Leadership.class);
			awaitState(watcher, State.STREAMING);
			leadership.relinquish();
			await().atMost(PATIENCE).until(() -> !leadership.isLeader());
			await().atMost(PATIENCE).until(leadership::isLeader);
			awaitState(watcher, State.STREAMING);
		});
	}

	@Test
	void survivesAListenerOfItsOwnThatThrows() {
		this.runner.run((context) -> {
			Leadership leadership = context.getBean(Leadership.class);
			leadership.addListener(() -> {
				throw new IllegalStateException("no");
			});
			leadership.relinquish();
			awaitState(context.getBean(TaskWatcher.class), State.STREAMING);
		});
	}

	static class ThrowsWhenGranted {

		@Order(0)
		@EventListener
		void granted(OnGrantedEvent event) {
			throw new IllegalStateException("a cache could not be warmed up");
		}

	}

	static class ThrowsWhenRevoked {

		@Order(0)
		@EventListener
		void revoked(OnRevokedEvent event) {
			throw new IllegalStateException("a job could not be cancelled");
		}

	}

}
