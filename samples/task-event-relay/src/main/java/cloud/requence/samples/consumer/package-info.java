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
 * An application whose listener methods take the updates of the topic as those of a
 * watcher. Any number of instances share the partitions.
 * <p>
 * The starter reads the topic, retries, acknowledges and stores dead letters. What is
 * here is what an application brings: its listener methods.
 */
@NullMarked
package cloud.requence.samples.consumer;

import org.jspecify.annotations.NullMarked;
