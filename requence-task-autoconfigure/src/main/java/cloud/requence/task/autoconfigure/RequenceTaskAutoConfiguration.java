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

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.annotation.RegisterReflection;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.thread.Threading;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.function.client.WebClient;

import cloud.requence.task.CheckpointStore;
import cloud.requence.task.DeadLetterHandler;
import cloud.requence.task.DeliveryMonitor;
import cloud.requence.task.Leadership;
import cloud.requence.task.NodeDefer;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.NodeError;
import cloud.requence.task.NodeStart;
import cloud.requence.task.NodeUpdate;
import cloud.requence.task.PayloadReader;
import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskError;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdateErrorHandler;
import cloud.requence.task.TaskUpdateFilter;
import cloud.requence.task.TaskUpdateHandler;
import cloud.requence.task.TaskWatcher;
import cloud.requence.task.TaskWatcherFactory;
import cloud.requence.task.UnknownUpdate;
import cloud.requence.task.delivery.LoggingContext;
import cloud.requence.task.listener.TaskUpdateListenerFactory;

/**
 * Auto-configuration for watching Requence tasks.
 */
@AutoConfiguration(after = WebClientAutoConfiguration.class)
@ConditionalOnClass({ WebClient.class, JsonMapper.class })
@ConditionalOnRequenceTaskEnabled
@EnableConfigurationProperties(RequenceTaskProperties.class)
@RegisterReflection(
		classNames = { "cloud.requence.task.TaskPayloadSerializer", "cloud.requence.task.TaskPayloadDeserializer",
				"cloud.requence.task.TaskReferenceSerializers$File",
				"cloud.requence.task.TaskReferenceSerializers$Stream" },
		memberCategories = { MemberCategory.INVOKE_DECLARED_CONSTRUCTORS, MemberCategory.INVOKE_DECLARED_METHODS })
public final class RequenceTaskAutoConfiguration {

	private final RequenceTaskPropertiesMapper mapper;

	RequenceTaskAutoConfiguration(RequenceTaskProperties properties) {
		this.mapper = new RequenceTaskPropertiesMapper(properties);
	}

	@Bean
	@ConditionalOnMissingBean(RequenceTaskConnectionDetails.class)
	PropertiesRequenceTaskConnectionDetails requenceTaskConnectionDetails(RequenceTaskProperties properties,
			Environment environment, ObjectProvider<SslBundles> sslBundles) {
		return new PropertiesRequenceTaskConnectionDetails(properties, environment, sslBundles.getIfAvailable());
	}

	@Bean
	@ConditionalOnMissingBean
	static TaskUpdateListenerFactory requenceTaskUpdateListenerFactory(Environment environment) {
		boolean transactional = environment.getProperty("requence.task.listener.transactional", Boolean.class, false);
		boolean mdc = environment.getProperty("requence.task.listener.mdc", Boolean.class, true);
		return new TaskUpdateListenerFactory(transactional, mdc ? LoggingContext.mdc() : LoggingContext.NONE);
	}

	@Bean
	static UnknownPropertiesCheck requenceTaskUnknownPropertiesCheck(Environment environment) {
		return new UnknownPropertiesCheck(environment);
	}

	@Bean
	static SuspiciousPropertiesCheck requenceTaskSuspiciousPropertiesCheck(Environment environment,
			RequenceTaskProperties properties) {
		return new SuspiciousPropertiesCheck(environment, properties);
	}

	// No bean depends on the watcher, and it must start nevertheless
	@Bean
	static LazyInitializationExcludeFilter requenceTaskLazyInitializationExcludeFilter() {
		return LazyInitializationExcludeFilter.forBeanTypes(TaskWatcher.class, UnknownPropertiesCheck.class,
				SuspiciousPropertiesCheck.class, TaskUpdateListenerFactory.class);
	}

	@Bean
	@ConditionalOnMissingBean
	TaskUpdateErrorHandler requenceTaskUpdateErrorHandler() {
		return this.mapper.errorHandler();
	}

	@Bean
	DurabilityConfigurer requenceTaskDurabilityConfigurer(RequenceTaskProperties properties,
			ObjectProvider<CheckpointStore> ownStore, ObjectProvider<CheckpointConfigurer> checkpoints,
			ObjectProvider<TransactionConfigurer> transactions, ObjectProvider<Leadership> leadership,
			ObjectProvider<DeadLetterHandler> deadLetters) {
		return new DurabilityConfigurer(properties, ownStore, checkpoints, transactions, leadership, deadLetters);
	}

	@Bean
	SharedStreamConnector requenceTaskStreamConnector(ApplicationContext applicationContext,
			RequenceTaskConnectionDetails connectionDetails,
			ObjectProvider<ClientHttpConnectorBuilder<?>> connectorBuilder,
			ObjectProvider<HttpClientSettings> httpClientSettings) {
		return new SharedStreamConnector(
				() -> connectorBuilder
					.getIfAvailable(() -> ClientHttpConnectorBuilder.detect(applicationContext.getClassLoader())),
				() -> settings(httpClientSettings.getIfAvailable(HttpClientSettings::defaults), connectionDetails));
	}

	@Bean
	@ConditionalOnMissingBean(TaskWatcherFactory.class)
	@RegisterReflectionForBinding({ TaskStart.class, TaskEnd.class, TaskError.class, TaskAborted.class, NodeStart.class,
			NodeUpdate.class, NodeError.class, NodeDefer.class, NodeEnd.class, UnknownUpdate.class })
	AutoConfiguredTaskWatcherFactory requenceTaskWatcherFactory(ApplicationContext applicationContext,
			Environment environment, RequenceTaskConnectionDetails connectionDetails, DurabilityConfigurer durability,
			SharedStreamConnector connector, ObjectProvider<WebClient.Builder> webClientBuilder,
			ObjectProvider<PayloadReader> payloadReader, TaskUpdateErrorHandler errorHandler,
			ObjectProvider<DeadLetterHandler> deadLetterHandler, ObjectProvider<TaskUpdateFilter> filter,
			ObjectProvider<TaskUpdateHandler> handler, ObjectProvider<DeliveryMonitor.Factory> monitors,
			ObjectProvider<TaskWatcherBuilderCustomizer> customizers) {
		boolean virtualThreads = Threading.VIRTUAL.isActive(environment);
		return new AutoConfiguredTaskWatcherFactory(applicationContext, connectionDetails::getAccessToken, connector,
				(name, builder) -> {
					this.mapper.apply(builder);
					payloadReader.ifAvailable(builder::payloadReader);
				}, (name, builder) -> {
					durability.configure(name, builder);
					builder.virtualThreads(virtualThreads);
					builder.webClient(webClientBuilder.getIfAvailable(WebClient::builder));
					builder.errorHandler(errorHandler);
					deadLetterHandler.ifAvailable(builder::deadLetterHandler);
					filter.ifAvailable(builder::filter);
					handler.ifAvailable(builder::handler);
					monitors.orderedStream().forEach(builder::deliveryMonitor);
					customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
				});
	}

	private HttpClientSettings settings(HttpClientSettings settings, RequenceTaskConnectionDetails connectionDetails) {
		SslBundle sslBundle = connectionDetails.getSslBundle();
		HttpClientSettings secured = (sslBundle != null) ? settings.withSslBundle(sslBundle) : settings;
		return secured.withConnectTimeout(this.mapper.connectTimeout());
	}

	@Bean
	@ConditionalOnMissingBean
	TaskWatcher requenceTaskWatcher(TaskWatcherFactory watcherFactory, RequenceTaskProperties properties) {
		if (properties.getSource() == UpdateSource.KAFKA) {
			throw new InvalidPropertyException("requence.task.source",
					"needs Spring for Apache Kafka, which is not on the class path",
					"Add the dependency 'org.springframework.boot:spring-boot-starter-kafka'.");
		}
		return watcherFactory.builder(WatcherConfigurer.PRIMARY).build();
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SanitizingFunction.class)
	static class SanitizingConfiguration {

		@Bean
		@ConditionalOnMissingBean
		AccessTokenSanitizer requenceTaskAccessTokenSanitizer(Environment environment) {
			return new AccessTokenSanitizer(environment);
		}

	}

}
