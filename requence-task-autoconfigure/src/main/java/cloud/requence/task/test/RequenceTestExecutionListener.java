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

import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.support.AbstractTestExecutionListener;

import cloud.requence.emulator.RequenceEmulator;

/**
 * Clears emulator and recorder after each test method, before the context may be closed.
 */
class RequenceTestExecutionListener extends AbstractTestExecutionListener {

	@Override
	public void afterTestMethod(TestContext testContext) {
		if (!testContext.hasApplicationContext()) {
			return;
		}
		ApplicationContext context = testContext.getApplicationContext();
		if (TestContextAnnotationUtils.hasAnnotation(testContext.getTestClass(), WithRequenceEmulator.class)) {
			context.getBean(RequenceEmulator.class).clear();
		}
		if (TestContextAnnotationUtils.hasAnnotation(testContext.getTestClass(), RecordTaskUpdates.class)) {
			context.getBean(TaskUpdateRecorder.class).clear();
		}
	}

}
