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

package cloud.requence.task.test;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Set;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import org.springframework.beans.factory.annotation.ParameterResolutionDelegate;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * Gives test methods the beans of this package without {@code @Autowired}. Constructors
 * are left to Spring.
 */
final class RequenceParameterResolver implements ParameterResolver {

	private static final Set<String> TYPES = Set.of("cloud.requence.emulator.RequenceEmulator",
			TaskUpdateRecorder.class.getName());

	@Override
	public boolean supportsParameter(ParameterContext context, ExtensionContext extensionContext) {
		Parameter parameter = context.getParameter();
		return context.getDeclaringExecutable() instanceof Method && TYPES.contains(parameter.getType().getName())
				&& !ParameterResolutionDelegate.isAutowirable(parameter, context.getIndex());
	}

	@Override
	public Object resolveParameter(ParameterContext context, ExtensionContext extensionContext) {
		return SpringExtension.getApplicationContext(extensionContext).getBean(context.getParameter().getType());
	}

}
