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

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the database.
 *
 * @param directory where the embedded PostgreSQL keeps its data, if
 * {@code spring.datasource.url} is not set
 * @param eraser who may erase payloads
 */
@ConfigurationProperties("audit.database")
record DatabaseProperties(@DefaultValue(".audit-log") Path directory, @DefaultValue Eraser eraser) {

	/**
	 * A user of the database that is a member of the role {@code audit_eraser}.
	 *
	 * @param username its name; without it nothing can be erased
	 * @param password its password
	 */
	record Eraser(@Nullable String username, @Nullable String password) {

		@Override
		public String toString() {
			return "Eraser[username=" + this.username + "]";
		}

	}

}
