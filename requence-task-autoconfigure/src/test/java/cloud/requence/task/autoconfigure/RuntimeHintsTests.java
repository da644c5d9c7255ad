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

import java.util.Arrays;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.javapoet.ClassName;
import org.springframework.util.ClassUtils;

import cloud.requence.task.TaskUpdate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the hints for ahead-of-time processing.
 */
class RuntimeHintsTests {

	private static RuntimeHints hints = new RuntimeHints();

	@BeforeAll
	static void process() {
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("test", "Application")), new InMemoryGeneratedFiles());
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(Application.class);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		}
		hints = generation.getRuntimeHints();
	}

	@ParameterizedTest
	@ValueSource(strings = { "cloud.requence.task.client.PreparedTask",
			"cloud.requence.task.client.PreparedTask$Limits", "cloud.requence.task.client.PreparedTask$FileUrls",
			"cloud.requence.task.client.CreatedTask", "cloud.requence.task.client.CreatedTask$Urls",
			"cloud.requence.task.client.TaskDescription$Answer", "cloud.requence.task.client.TaskDescription$NodeData",
			"cloud.requence.task.client.TaskDescription$NodeError" })
	void answersCanBeRead(String type) {
		assertConstructors(type);
	}

	@ParameterizedTest
	@ValueSource(strings = { "cloud.requence.task.TaskPayloadSerializer", "cloud.requence.task.TaskPayloadDeserializer",
			"cloud.requence.task.TaskReferenceSerializers$File",
			"cloud.requence.task.TaskReferenceSerializers$Stream" })
	void payloadsCanBeWrittenAndRead(String type) {
		assertConstructors(type);
	}

	@ParameterizedTest
	@MethodSource
	void updatesCanBeWrittenAndRead(Class<?> type) {
		assertConstructors(type.getName());
		assertThat(type.getRecordComponents()).allSatisfy((component) -> assertThat(
				RuntimeHintsPredicates.reflection().onMethodInvocation(component.getAccessor()))
			.accepts(hints));
	}

	static Stream<Class<?>> updatesCanBeWrittenAndRead() {
		return Arrays.stream(TaskUpdate.class.getPermittedSubclasses());
	}

	@Test
	void theMulticasterCanBeInspected() throws Exception {
		for (String getter : new String[] { "getTaskExecutor", "getErrorHandler" }) {
			assertThat(RuntimeHintsPredicates.reflection()
				.onMethodInvocation(SimpleApplicationEventMulticaster.class.getDeclaredMethod(getter))).accepts(hints);
		}
	}

	@Test
	void propertiesCanBeBound() {
		for (Class<?> type : RequenceTaskProperties.class.getDeclaredClasses()) {
			assertThat(RuntimeHintsPredicates.reflection().onType(type)).accepts(hints);
		}
	}

	private static void assertConstructors(String name) {
		Class<?> type = ClassUtils.resolveClassName(name, null);
		assertThat(type.getDeclaredConstructors()).allSatisfy(
				(constructor) -> assertThat(RuntimeHintsPredicates.reflection().onConstructorInvocation(constructor))
					.accepts(hints));
		assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(name))).accepts(hints);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RequenceTaskAutoConfiguration.class, RequenceTaskClientAutoConfiguration.class })
	static class Application {

	}

}
