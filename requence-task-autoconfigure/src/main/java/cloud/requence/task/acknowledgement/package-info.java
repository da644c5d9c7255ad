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
 * Acknowledges the ends of tasks: decides when an end is acknowledged, sends and repeats
 * acknowledgements, and tracks those that the application has to make.
 * <p>
 * Input: delivered updates, and the task identifiers of durable ends. Output: calls of
 * the platform. This package must not depend on how checkpoints are saved or what
 * listeners are.
 * <p>
 * This package is internal: its types may change in any release.
 */
@NullMarked
package cloud.requence.task.acknowledgement;

import org.jspecify.annotations.NullMarked;
