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

package cloud.requence.task.watcher;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcher;
import cloud.requence.task.stream.ReconnectBackOff;

/**
 * How a connection is kept.
 *
 * @param responseTimeout how long to wait for the headers of an answer
 * @param idleTimeout after how long without a byte a connection counts as broken
 * @param maxAge after how long a healthy connection is renewed; {@code null} for never
 * @param backOff how long to wait between attempts
 * @param refusedDelay how long to wait after the access token was refused
 * @param onRefusedPosition what to do if the platform refuses to resume at a position
 */
record StreamSettings(Duration responseTimeout, Duration idleTimeout, @Nullable Duration maxAge,
		ReconnectBackOff backOff, Duration refusedDelay, TaskWatcher.OnRefusedPosition onRefusedPosition) {

}
