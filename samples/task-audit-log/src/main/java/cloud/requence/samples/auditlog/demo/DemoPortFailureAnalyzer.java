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

package cloud.requence.samples.auditlog.demo;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Names the property to set if the port of the emulator is in use.
 */
class DemoPortFailureAnalyzer extends AbstractFailureAnalyzer<DemoPortException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DemoPortException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Set audit.demo.port to another one, or to 0 for any. To record your platform, and start no emulator, "
						+ "set requence.task.access-token.",
				cause);
	}

}
