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
 * Notices about tasks and the watcher that need somebody.
 * <p>
 * The history and the status of the watcher flow in; incidents flow out to the page, to a
 * webhook, by mail, and as rules for Prometheus. The board must not be known here.
 */
@NullMarked
package cloud.requence.samples.dashboard.alerts;

import org.jspecify.annotations.NullMarked;
