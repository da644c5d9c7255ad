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

package cloud.requence.samples.relay.security;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains a start without users in place of a stack trace.
 */
class MissingUsersFailureAnalyzer extends AbstractFailureAnalyzer<MissingUsersException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MissingUsersException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Set relay.security.users.<name>.password and .role (viewer or operator), or configure a provider under "
						+ "spring.security.oauth2.client.",
				cause);
	}

}
