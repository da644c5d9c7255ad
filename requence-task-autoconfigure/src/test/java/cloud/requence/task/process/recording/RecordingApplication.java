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

package cloud.requence.task.process.recording;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

import javax.sql.DataSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.integration.redis.metadata.RedisMetadataStore;
import org.springframework.jdbc.core.JdbcTemplate;

import cloud.requence.task.TaskUpdate;

/**
 * An application that keeps a record of every update, in a file or in a database, to be
 * run in a process of its own and to be killed.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class RecordingApplication {

	private final Recorder recorder;

	RecordingApplication(Recorder recorder) {
		this.recorder = recorder;
	}

	public static void main(String[] args) {
		SpringApplication.run(RecordingApplication.class, args);
	}

	@EventListener
	void record(TaskUpdate update) {
		this.recorder.record(update);
	}

	/**
	 * Has an effect that outlives the process.
	 */
	@FunctionalInterface
	interface Recorder {

		void record(TaskUpdate update);

	}

	/**
	 * Parts of the application that not all tests need.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Parts {

		@Bean
		@ConditionalOnProperty("record.file")
		Recorder fileRecorder(Environment environment) {
			Path file = Path.of(environment.getRequiredProperty("record.file"));
			return (update) -> append(file, update);
		}

		private static void append(Path file, TaskUpdate update) {
			String line = update.position() + " " + System.currentTimeMillis() + "\n";
			try {
				Files.write(file, line.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE,
						StandardOpenOption.APPEND);
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Bean
		@ConditionalOnProperty(name = "record.database", havingValue = "true")
		Recorder databaseRecorder(JdbcTemplate jdbc) {
			return (update) -> jdbc.update(
					"insert into record (position, millis) values (?, floor(extract(epoch from clock_timestamp()) * 1000))",
					update.position());
		}

		@Bean
		@ConditionalOnProperty("redis.port")
		LettuceConnectionFactory redisConnectionFactory(Environment environment) {
			return new LettuceConnectionFactory("127.0.0.1",
					environment.getRequiredProperty("redis.port", Integer.class));
		}

		@Bean
		@ConditionalOnProperty("redis.port")
		RedisMetadataStore redisMetadataStore(LettuceConnectionFactory connections) {
			return new RedisMetadataStore(connections, "kills");
		}

		@Bean
		@ConditionalOnProperty(name = "record.database", havingValue = "true")
		JdbcMetadataStore metadataStore(DataSource dataSource) {
			return new JdbcMetadataStore(dataSource);
		}

		@Bean
		@ConditionalOnProperty("lock.ttl")
		DefaultLockRepository lockRepository(DataSource dataSource) {
			DefaultLockRepository repository = new DefaultLockRepository(dataSource);
			repository.setInsertQuery(repository.getInsertQuery() + " ON CONFLICT DO NOTHING");
			return repository;
		}

		@Bean
		@ConditionalOnProperty("lock.ttl")
		JdbcLockRegistry lockRegistry(DefaultLockRepository repository, Environment environment) {
			return new JdbcLockRegistry(repository, environment.getRequiredProperty("lock.ttl", Duration.class));
		}

	}

}
