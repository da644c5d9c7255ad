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

import tools.jackson.databind.json.JsonMapper;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.task.PayloadReader;
import cloud.requence.task.client.ReactiveTaskClient;
import cloud.requence.task.client.TaskClient;

/**
 * Auto-configuration for the client that creates, gets and changes tasks. It does not
 * require a running watcher.
 */
@AutoConfiguration(after = RequenceTaskAutoConfiguration.class)
@ConditionalOnClass({ WebClient.class, JsonMapper.class })
@ConditionalOnBean(SharedStreamConnector.class)
@ConditionalOnRequenceTaskEnabled
@RegisterReflectionForBinding(classNames = { "cloud.requence.task.client.PreparedTask",
		"cloud.requence.task.client.CreatedTask", "cloud.requence.task.client.TaskDescription$Answer" })
public final class RequenceTaskClientAutoConfiguration {

	RequenceTaskClientAutoConfiguration() {
	}

	// An application that only watches does not need it
	@Bean
	@Lazy
	@ConditionalOnMissingBean
	TaskClient requenceTaskClient(RequenceTaskProperties properties, RequenceTaskConnectionDetails connectionDetails,
			SharedStreamConnector connector, ObjectProvider<WebClient.Builder> webClientBuilder,
			ObjectProvider<PayloadReader> payloadReader, ObjectProvider<TaskClientBuilderCustomizer> customizers) {
		TaskClient.Builder builder = TaskClient.builder()
			.accessToken(connectionDetails::getAccessToken)
			.connector(connector.get())
			.webClient(webClientBuilder.getIfAvailable(WebClient::builder));
		new RequenceTaskPropertiesMapper(properties).apply(builder);
		payloadReader.ifAvailable(builder::payloadReader);
		customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		return builder.build();
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	ReactiveTaskClient requenceReactiveTaskClient(TaskClient client) {
		return client.reactive();
	}

}
