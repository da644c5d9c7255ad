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

package cloud.requence.samples.dashboard.emulator;

import java.util.stream.Stream;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Matches when there is no access token to watch a platform with.
 */
class MissingAccessTokenCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Missing access token");
		if (context.getEnvironment().getProperty("requence.task.source", "").equalsIgnoreCase("kafka")) {
			return ConditionOutcome.noMatch(message.because("the board watches a topic"));
		}
		return Stream.of("requence.task.access-token", "requence.access-token")
			.filter((name) -> isSet(context.getEnvironment(), name))
			.findFirst()
			.map((name) -> ConditionOutcome.noMatch(message.found("property").items(name)))
			.orElseGet(() -> ConditionOutcome.match(message.because("no property sets one")));
	}

	private static boolean isSet(Environment environment, String name) {
		return StringUtils.hasText(Binder.get(environment).bind(name, String.class).orElse(""));
	}

}
