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

import java.math.BigDecimal;

import org.jspecify.annotations.Nullable;

import org.springframework.http.codec.multipart.FilePart;

/**
 * What people fill in to start a task.
 *
 * @param template the name of the template
 * @param name the name of the task
 * @param amount what the task is about, in euros
 * @param input the input as a JSON object
 * @param file a file that goes into the input
 */
record StartForm(@Nullable String template, @Nullable String name, @Nullable BigDecimal amount, @Nullable String input,
		@Nullable FilePart file) {

}
