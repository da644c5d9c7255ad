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

package cloud.requence.samples.auditlog.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.TestDatabase;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.test.context.ContextConfiguration;

/**
 * Tests of pages and of the API, which share one application and one log: that of
 * {@link SampleLog}. Nothing is recorded meanwhile.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "requence.task.enabled=false", "requence.task.access-token=unused",
				"spring.flyway.enabled=false", "audit.evidence.anchors.interval=1d",
				"audit.database.eraser.username=audit_eraser_user", "audit.web.zone=Europe/Berlin",
				"audit.search.timeout=500ms", "audit.security.users.anna.password={noop}secret-a",
				"audit.security.users.anna.role=auditor", "audit.security.users.ben.password={noop}secret-b" })
@AutoConfigureMockMvc
@ContextConfiguration(initializers = WebTest.Log.class)
@interface WebTest {

	/**
	 * Creates the log.
	 */
	final class Log implements ApplicationContextInitializer<ConfigurableApplicationContext> {

		@Override
		public void initialize(ConfigurableApplicationContext context) {
			String database = TestDatabase.create();
			Path evidence = temporaryDirectory();
			DataSource owner = TestDatabase.owner(database);
			SampleLog.fill(owner);
			TestDatabase.user(database, TestDatabase.ERASER_ROLE);
			TestPropertyValues
				.of("spring.datasource.url=" + TestDatabase.url(database), "spring.datasource.username=postgres",
						"audit.evidence.directory=" + evidence, "test.database=" + database)
				.applyTo(context);
		}

		private static Path temporaryDirectory() {
			try {
				return Files.createTempDirectory("audit-log-pages");
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
