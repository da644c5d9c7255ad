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
 * From the connection to decoded updates: how the stream is requested, cut into frames,
 * and how a frame is read.
 * <p>
 * Bytes flow in, {@link cloud.requence.task.stream.RawUpdate raw updates} flow out. What
 * was seen before, which tasks are open and who listens must not be known here.
 */
@NullMarked
package cloud.requence.task.stream;

import org.jspecify.annotations.NullMarked;
