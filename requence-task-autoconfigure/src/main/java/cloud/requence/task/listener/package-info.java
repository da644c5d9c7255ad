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
 * Spring's side of the delivery: publishes an update as an event, knows the outcome of
 * each {@code @EventListener} method, and inspects what would make outcomes unknown.
 * <p>
 * Updates flow in one at a time, calls of listeners flow out, and the failure of any of
 * them is thrown. Queues, threads and retries must not be known here.
 */
@NullMarked
package cloud.requence.task.listener;

import org.jspecify.annotations.NullMarked;
