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
package cloud.requence.samples.auditlog.recording;

import java.time.Clock;

import javax.sql.DataSource;

import cloud.requence.samples.auditlog.evidence.LogWriter;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.jdbc.lock.LockRepository;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Recording: the checkpoint and the leader's lock are in the database of the log, the
 * checkpoint in the transactions of the entries.
 */
@Configuration(proxyBeanMethods = false)
class RecordingConfiguration {

	@Bean
	JdbcMetadataStore metadataStore(DataSource dataSource) {
		return new JdbcMetadataStore(dataSource);
	}

	@Bean
	DefaultLockRepository lockRepository(DataSource dataSource) {
		DefaultLockRepository repository = new DefaultLockRepository(dataSource);
		// Without it, PostgreSQL logs an error each time that an instance which stands by
		// tries to take the lock
		repository.setInsertQuery(repository.getInsertQuery() + " ON CONFLICT DO NOTHING");
		return repository;
	}

	@Bean
	JdbcLockRegistry lockRegistry(LockRepository repository, RecordingProperties properties) {
		return new JdbcLockRegistry(repository, properties.lockTimeToLive());
	}

	@Bean
	LogWriter logWriter(DataSource dataSource) {
		return new LogWriter(dataSource);
	}

	@Bean
	FileRecorder fileRecorder(LogWriter writer, RecordingProperties properties, JdbcTemplate jdbc,
			PlatformTransactionManager transactionManager) {
		return new FileRecorder(properties.files(), properties.maxFileSize().toBytes(), jdbc,
				new TransactionTemplate(transactionManager), writer, Clock.systemUTC(),
				new CustomizableThreadFactory("audit-files-"));
	}

	@Bean
	UpdateRecorder updateRecorder(LogWriter writer, FileRecorder files, RecordingProperties properties,
			MeterRegistry registry, JdbcTemplate jdbc) {
		Clock clock = Clock.systemUTC();
		return new UpdateRecorder(new UpdateEntries(new FieldMask(properties.maskedFields()), clock), writer, files,
				new RecordingMetrics(registry, clock), jdbc);
	}

}
