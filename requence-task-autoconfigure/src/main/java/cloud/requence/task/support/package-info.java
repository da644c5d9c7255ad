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
 * What several packages need and no package of Java or Spring has: threads that inherit
 * nothing from their creator, limits for log lines that repeat, texts from the wire that
 * are fit for such lines, and durations that do not overflow.
 * <p>
 * Nothing flows through here, and no other package of this module must be known here.
 */
@NullMarked
package cloud.requence.task.support;

import org.jspecify.annotations.NullMarked;
