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

package cloud.requence.emulator.junit;

import cloud.requence.emulator.RequenceEmulator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Runs one emulator for a test class and the classes nested in it, and
 * {@linkplain RequenceEmulator#clear() clears} it after each test. Tests get it as a
 * parameter of the type {@link RequenceEmulator}.
 * <p>
 * Where an application has to be told the address before the first test, register the
 * extension in a static field: <pre class="code">
 * &#64;RegisterExtension
 * static final RequenceEmulatorExtension requence = new RequenceEmulatorExtension();
 *
 * &#64;DynamicPropertySource
 * static void requence(DynamicPropertyRegistry registry) {
 *     registry.add("requence.task.access-token", () -&gt; requence.emulator().accessToken());
 * }
 * </pre>
 */
public final class RequenceEmulatorExtension implements BeforeAllCallback, AfterEachCallback, ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(RequenceEmulatorExtension.class);

	private @Nullable RequenceEmulator emulator;

	/**
	 * Return the emulator.
	 * @return the emulator
	 * @throws IllegalStateException outside of a test class
	 */
	public RequenceEmulator emulator() {
		RequenceEmulator current = this.emulator;
		if (current == null) {
			throw new IllegalStateException("There is no emulator before the first test class");
		}
		return current;
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		this.emulator = emulator(context);
	}

	@Override
	public void afterEach(ExtensionContext context) {
		emulator(context).clear();
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == RequenceEmulator.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return emulator(context);
	}

	private static RequenceEmulator emulator(ExtensionContext context) {
		// Nested classes find the emulator of the outer one; JUnit closes it.
		return context.getStore(NAMESPACE)
			.computeIfAbsent(RequenceEmulator.class, (type) -> RequenceEmulator.builder().build().start(),
					RequenceEmulator.class);
	}

}
