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

package cloud.requence.samples.dashboard.board;

import java.time.Clock;
import java.util.List;

import cloud.requence.emulator.RequenceEmulator;
import cloud.requence.emulator.scenario.Scenario;
import cloud.requence.samples.dashboard.watcher.WatcherMonitor;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.autoconfigure.RequenceTaskConnectionDetails;
import cloud.requence.task.autoconfigure.RequenceTaskProperties;
import cloud.requence.task.autoconfigure.UpdateSource;
import cloud.requence.task.client.TaskClient;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Wires the board.
 */
@Configuration(proxyBeanMethods = false)
class BoardConfiguration {

	@Bean
	TaskBoard taskBoard(BoardProperties properties, AttentionProperties attention, Clock clock) {
		return new TaskBoard(properties.limits(), attention, clock);
	}

	@Bean
	WatcherMonitor watcherMonitor(TaskWatcher watcher, Clock clock) {
		return new WatcherMonitor(watcher::status, clock);
	}

	@Bean
	BoardSource boardSource(RequenceTaskConnectionDetails details, ObjectProvider<RequenceEmulator> emulator,
			ObjectProvider<Scenario> scenario, RequenceTaskProperties task, AttentionProperties attention,
			BoardProperties properties) {
		List<String> templates = (scenario.getIfAvailable() != null) ? Scenario.templates() : List.of();
		return new BoardSource(emulator.getIfAvailable() != null, details.getAccessToken().baseUrl().toString(),
				(task.getSource() == UpdateSource.KAFKA) ? task.getKafka().getTopic() : null, templates,
				attention.limits(), properties.platformUrl());
	}

	@Bean
	PlatformTasks platformTasks(TaskClient client, Clock clock) {
		return new PlatformTasks(client, clock);
	}

	@Bean(initMethod = "start", destroyMethod = "close")
	AcknowledgementChecks acknowledgementChecks(TaskBoard board, TaskClient client) {
		return new AcknowledgementChecks(board, client);
	}

	@Bean
	BoardUpdates boardUpdates(TaskBoard board, WatcherMonitor monitor, BoardSource source, Clock clock,
			BoardProperties properties) {
		return new BoardUpdates(() -> new BoardSubscription(board, monitor, source, clock),
				properties.updateInterval());
	}

}
