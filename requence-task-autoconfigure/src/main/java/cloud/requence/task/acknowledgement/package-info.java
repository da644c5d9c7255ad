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
 * Acknowledges the ends of tasks: when an end is to be acknowledged, how acknowledgements
 * are sent and repeated, and what is done about those that the application owes.
 * <p>
 * Delivered updates and the task identifiers of durable ends flow in, calls of the
 * platform flow out. How checkpoints are saved and what listeners are must not be known
 * here.
 */
@NullMarked
package cloud.requence.task.acknowledgement;

import org.jspecify.annotations.NullMarked;
