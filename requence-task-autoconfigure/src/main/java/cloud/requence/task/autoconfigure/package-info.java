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

/**
 * Creates a watcher from the properties and beans of Spring Boot. No other package
 * depends on Spring Boot.
 * <p>
 * Input: properties and connection details. Output: a
 * {@link cloud.requence.task.TaskWatcher} and a
 * {@link cloud.requence.task.TaskWatcherFactory}. This package makes no decisions while a
 * watcher runs.
 */
@NullMarked
package cloud.requence.task.autoconfigure;

import org.jspecify.annotations.NullMarked;
