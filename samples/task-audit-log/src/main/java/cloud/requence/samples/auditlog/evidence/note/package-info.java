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
 * Signed tree heads: C2SP signed notes with Ed25519, and the checkpoints, anchors and
 * proofs that consist of them. Plain Java that knows neither entries nor databases.
 */
@NullMarked
package cloud.requence.samples.auditlog.evidence.note;

import org.jspecify.annotations.NullMarked;
