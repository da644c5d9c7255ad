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
 * Stores for checkpoints: a file, and the metadata stores of Spring Integration.
 * <p>
 * Input: texts, whose meaning this package does not know. Output: the same texts, as
 * durable as the place where they are kept.
 */
@NullMarked
package cloud.requence.task.store;

import org.jspecify.annotations.NullMarked;
