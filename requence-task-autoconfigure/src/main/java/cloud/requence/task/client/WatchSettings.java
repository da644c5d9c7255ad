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

package cloud.requence.task.client;

import java.time.Duration;
import java.util.function.Supplier;

import cloud.requence.task.AccessToken;
import cloud.requence.task.stream.ReconnectBackOff;
import cloud.requence.task.stream.StreamConnector;
import cloud.requence.task.stream.UpdateDecoder;

/**
 * How a task is followed.
 *
 * @param connector connects
 * @param accessToken the access token to use next
 * @param decoder decodes updates
 * @param maxEventSize the size of the largest update, in bytes
 * @param maxContextSize how much to keep of a task's context, in bytes
 * @param responseTimeout how long to wait for a response
 * @param idleTimeout how long to wait for the next byte
 * @param backOff how long to wait before another connection
 */
record WatchSettings(StreamConnector connector, Supplier<AccessToken> accessToken, UpdateDecoder decoder,
		int maxEventSize, long maxContextSize, Duration responseTimeout, Duration idleTimeout,
		ReconnectBackOff backOff) {

}
