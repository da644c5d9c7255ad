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

package cloud.requence.task.test;

import java.net.Socket;
import java.util.Map;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextManager;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.TaskScript;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdateFailedEvent;
import cloud.requence.task.autoconfigure.RequenceTaskAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for {@link WithRequenceEmulator}, in the way that applications use it.
 */
@SpringBootTest(classes = WithRequenceEmulatorTests.Application.class, webEnvironment = WebEnvironment.NONE,
		properties = { "requence.task.access-token=of the application", "requence.task.base-url=http://127.0.0.1:1",
				"requence.task.listener.retry.max-retries=0" })
@WithRequenceEmulator
@DirtiesContext
@TestMethodOrder(MethodOrderer.MethodName.class)
class WithRequenceEmulatorTests {

	@Test
	void aListenerHasSucceededWhenAnUpdateIsRecorded(RequenceEmulator emulator, TaskUpdateRecorder updates,
			@Autowired Application application) {
		emulator.task("invoice").input(Map.of("amount", 12)).start().end(Map.of("booked", true));
		TaskEnd end = updates.await(TaskEnd.class);
		assertThat(application.lastEnd).isEqualTo(end.taskId());
		assertThat(end.context().input()).isNotNull();
	}

	@Test
	void anUpdateThatIsGivenUpIsAFailure(RequenceEmulator emulator, TaskUpdateRecorder updates) {
		TaskScript task = emulator.task("invoice").start().nodeUpdate("poison", 1).end(null);
		TaskUpdateFailedEvent failure = updates.awaitFailure();
		assertThat(failure.update().taskId()).isEqualTo(task.taskId());
		assertThat(failure.exception()).hasMessage("poison");
		updates.await(TaskEnd.class);
		assertThat(updates.updates(NodeUpdate.class)).isEmpty();
	}

	@Test
	void faultsAreAtHand(RequenceEmulator emulator, TaskUpdateRecorder updates) {
		emulator.faults().dropAfter(0);
		emulator.disconnectAll();
		emulator.task("invoice").start().end(null);
		updates.await(TaskEnd.class);
	}

	@Test
	void testsSeeNoTracesOfTheOnesBefore(RequenceEmulator emulator, TaskUpdateRecorder updates) {
		assertThat(updates.updates()).isEmpty();
		assertThat(emulator.acknowledgements()).isEmpty();
		assertThat(emulator.watchRequests()).isEmpty();
	}

	@Test
	void theEmulatorIsInThePropertiesOfTheApplication(@Autowired RequenceEmulator emulator,
			@Autowired Environment environment) {
		assertThat(environment.getProperty("requence.task.base-url")).isEqualTo(emulator.baseUrl().toString());
		assertThat(environment.getProperty("requence.task.access-token")).isEqualTo(emulator.accessToken());
	}

	@Test
	void theEmulatorLivesAsLongAsTheApplication() {
		TestContext test = new TestContextManager(OfItsOwn.class).getTestContext();
		int port = test.getApplicationContext().getBean(RequenceEmulator.class).port();
		assertThat(new TestContextManager(OfItsOwn.class).getTestContext()
			.getApplicationContext()
			.getBean(RequenceEmulator.class)
			.port()).isEqualTo(port);
		test.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
		assertThatIOException().isThrownBy(() -> new Socket("127.0.0.1", port).close());
	}

	@Nested
	class Inside {

		@Test
		void theEmulatorIsTheSame(RequenceEmulator emulator, TaskUpdateRecorder updates,
				ApplicationContext applicationContext) {
			assertThat(emulator).isSameAs(applicationContext.getBean(RequenceEmulator.class));
			TaskScript task = emulator.task("invoice").start();
			assertThat(updates.await(TaskStart.class).taskId()).isEqualTo(task.taskId());
		}

	}

	@SpringBootTest(classes = Application.class, webEnvironment = WebEnvironment.NONE,
			properties = "requence.task.auto-startup=false")
	@WithRequenceEmulator
	@DirtiesContext
	private static final class OfItsOwn {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RequenceTaskAutoConfiguration.class, WebClientAutoConfiguration.class,
			ReactiveHttpClientAutoConfiguration.class, HttpClientAutoConfiguration.class })
	static class Application {

		private volatile String lastEnd = "";

		@EventListener
		void on(NodeUpdate update) {
			if ("poison".equals(update.node().alias())) {
				throw new IllegalStateException("poison");
			}
		}

		@EventListener
		void on(TaskEnd end) {
			this.lastEnd = end.taskId();
		}

	}

}
