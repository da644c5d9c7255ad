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
 * Dead letters in a database: updates whose retries are exhausted, stored before they are
 * skipped, and delivered again on request.
 * <p>
 * Input: dead letters of the delivery. Output: rows of a table, and updates to a handler.
 * Nothing here depends on the stages of a watcher.
 */
@NullMarked
package cloud.requence.task.deadletter;

import org.jspecify.annotations.NullMarked;
