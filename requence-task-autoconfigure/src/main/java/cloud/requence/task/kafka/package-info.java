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
 * The watcher of a Kafka topic that a relay writes the updates of the platform to.
 * <p>
 * Input: records, whose values are the JSON of updates. Output: updates to the delivery,
 * acknowledgements of the ends that were handled, and dead letters. This package does not
 * know how updates come into the topic, and no other package knows Kafka.
 * <p>
 * This package is internal: its types may change in any release.
 */
@NullMarked
package cloud.requence.task.kafka;

import org.jspecify.annotations.NullMarked;
