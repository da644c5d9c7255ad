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
 * Publishes an update as a Spring event, records the outcome of each
 * {@code @EventListener} method, and inspects the application for listeners whose outcome
 * cannot be known.
 * <p>
 * Input: one update at a time. Output: calls of listeners, and an exception if any of
 * them fails. This package must not depend on queues, threads and retries.
 * <p>
 * This package is internal: its types may change in any release.
 */
@NullMarked
package cloud.requence.task.listener;

import org.jspecify.annotations.NullMarked;
