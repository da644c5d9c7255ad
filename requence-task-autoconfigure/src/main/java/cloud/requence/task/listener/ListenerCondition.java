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

package cloud.requence.task.listener;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.context.event.EventListener;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.util.StringUtils;

/**
 * The condition of a listener method. Spring evaluates it with the first update only, and
 * one that cannot be evaluated makes the delivery of each update fail.
 */
final class ListenerCondition {

	private ListenerCondition() {
	}

	/**
	 * Return why the condition of a method cannot be evaluated.
	 * @param method the listener method
	 * @return the reason, or {@code null} if none was found
	 */
	static @Nullable String problem(Method method) {
		EventListener annotation = AnnotatedElementUtils.findMergedAnnotation(method, EventListener.class);
		if (annotation == null || !StringUtils.hasText(annotation.condition())) {
			return null;
		}
		Set<String> variables = new LinkedHashSet<>();
		try {
			collect(new SpelExpressionParser().parseRaw(annotation.condition()).getAST(), variables);
		}
		catch (ParseException ex) {
			return "cannot be parsed, so that the delivery of its updates fails: " + ex.getMessage();
		}
		@Nullable String @Nullable [] names = new DefaultParameterNameDiscoverer().getParameterNames(method);
		variables.removeAll(variables(method, names));
		if (variables.isEmpty()) {
			return null;
		}
		return "refers to " + String.join(", ", variables) + ((names != null)
				? ", which is null, as the method has no such parameter. Remedy: use the name of the parameter"
				: ", which is null, as the class file has no names of parameters. Remedy: compile with '-parameters', or"
						+ " write #a0 for the parameter");
	}

	private static void collect(SpelNode node, Set<String> variables) {
		if (node instanceof VariableReference) {
			variables.add(node.toStringAST());
		}
		for (int i = 0; i < node.getChildCount(); i++) {
			collect(node.getChild(i), variables);
		}
	}

	private static Set<String> variables(Method method, @Nullable String @Nullable [] names) {
		Set<String> variables = new HashSet<>(Set.of("#root", "#this"));
		for (int i = 0; i < method.getParameterCount(); i++) {
			variables.add("#a" + i);
			variables.add("#p" + i);
		}
		if (names != null) {
			Arrays.stream(names).map((name) -> "#" + name).forEach(variables::add);
		}
		return variables;
	}

}
