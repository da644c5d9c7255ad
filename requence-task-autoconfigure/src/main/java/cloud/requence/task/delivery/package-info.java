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
 * From updates to handled updates: the bounded queue behind the reader, the threads that
 * deliver, one after the other or in lanes, retries, and how far the delivery is.
 * <p>
 * Updates flow in, calls of the handler and the progress flow out. How updates are
 * received, published and acknowledged must not be known here.
 */
@NullMarked
package cloud.requence.task.delivery;

import org.jspecify.annotations.NullMarked;
