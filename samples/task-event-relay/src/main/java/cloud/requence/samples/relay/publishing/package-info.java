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
 * The relay: a watcher whose updates and checkpoint go to Kafka in one transaction, and
 * the election of the instance that watches.
 * <p>
 * In: updates of the watcher. Out: records. The position up to which updates were
 * published is in Kafka as well, in a compacted topic. Neither the consumers nor the page
 * are known here.
 */
@NullMarked
package cloud.requence.samples.relay.publishing;

import org.jspecify.annotations.NullMarked;
