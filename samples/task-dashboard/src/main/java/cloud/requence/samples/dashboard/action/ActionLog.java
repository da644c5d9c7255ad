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

package cloud.requence.samples.dashboard.action;

import cloud.requence.samples.dashboard.security.Caller;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;

/**
 * Logs who has done what to which task, from where, and with which outcome.
 */
final class ActionLog {

	private static final Logger logger = LoggerFactory.getLogger(ActionLog.class);

	private ActionLog() {
	}

	/**
	 * Log an action when its outcome is known.
	 * @param action the action, such as {@code abort}
	 * @param subject the task or template, as the browser says
	 * @param exchange the request
	 * @param call does it; its result, if any, is logged as well
	 * @return the call
	 */
	static <T> Mono<T> log(String action, String subject, ServerWebExchange exchange, Mono<T> call) {
		return Caller.of(exchange).flatMap((caller) -> {
			String what = action + " " + Caller.printable(subject);
			return call.doOnSuccess((result) -> logger.info("{} by {}{}", what, caller, outcome(result)))
				.doOnError((ex) -> logger.info("{} by {} failed: {}", what, caller, ex.getClass().getSimpleName()))
				.doOnCancel(() -> logger.info("{} by {}: outcome unknown, the browser has left", what, caller));
		});
	}

	private static String outcome(@Nullable Object result) {
		return (result != null) ? ": " + Caller.printable(result.toString()) : "";
	}

}
