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
package cloud.requence.samples.auditlog.database;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Starts a PostgreSQL for a demo. It keeps its data between starts, and takes every
 * password: it is reached from this machine only, and does not replace a server.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(EmbeddedDatabaseConfiguration.MissingUrlCondition.class)
class EmbeddedDatabaseConfiguration {

	private static final String OWNER = "postgres";

	@Bean(destroyMethod = "close")
	EmbeddedDatabase embeddedDatabase(DatabaseProperties properties) {
		return EmbeddedDatabase.start(properties.directory().toAbsolutePath());
	}

	@Bean
	JdbcConnectionDetails embeddedConnectionDetails(EmbeddedDatabase database) {
		return new Details(database.url(), EmbeddedDatabase.APPLICATION);
	}

	@Bean
	FlywayConnectionDetails embeddedFlywayConnectionDetails(EmbeddedDatabase database) {
		return new FlywayDetails(database.url());
	}

	@Bean
	EraserDatabase eraserDatabase(EmbeddedDatabase database) {
		return new EraserDatabase(database.url(), EmbeddedDatabase.ERASER, null);
	}

	/**
	 * The access of the application.
	 */
	private record Details(String url, String username) implements JdbcConnectionDetails {

		@Override
		public String getJdbcUrl() {
			return this.url;
		}

		@Override
		public String getUsername() {
			return this.username;
		}

		@Override
		public @Nullable String getPassword() {
			return null;
		}

	}

	/**
	 * The access of migrations.
	 */
	private record FlywayDetails(String url) implements FlywayConnectionDetails {

		@Override
		public String getJdbcUrl() {
			return this.url;
		}

		@Override
		public String getUsername() {
			return OWNER;
		}

		@Override
		public @Nullable String getPassword() {
			return null;
		}

	}

	/**
	 * No database is configured.
	 */
	static class MissingUrlCondition extends SpringBootCondition {

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			ConditionMessage.Builder message = ConditionMessage.forCondition("Missing database");
			return StringUtils.hasText(context.getEnvironment().getProperty("spring.datasource.url"))
					? ConditionOutcome.noMatch(message.found("property").items("spring.datasource.url"))
					: ConditionOutcome.match(message.because("'spring.datasource.url' is not set"));
		}

	}

}
