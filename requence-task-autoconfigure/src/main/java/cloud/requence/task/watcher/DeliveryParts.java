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
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.PayloadReader;
import cloud.requence.task.acknowledgement.Acknowledger;
import cloud.requence.task.delivery.DeliveredUpdates;
import cloud.requence.task.delivery.UpdateDelivery;

/**
 * The parts of a watcher behind the stream of the platform, for a watcher that reads its
 * updates elsewhere and delivers them on its own threads.
 *
 * @param name the name of the watcher
 * @param autoStartup whether it starts with the application
 * @param phase when it starts and stops with the application
 * @param shutdownTimeout how long a stop waits for the update that is being handled
 * @param payloads reads the payloads of the updates, and fetches what they refer to
 * @param updates delivers updates. That the end of a task is to be acknowledged is noted
 * with the update
 * @param delivered receives what was delivered
 * @param acknowledger sends acknowledgements
 * @param outcomeUnknown says why the outcome of listeners cannot be known, {@code null}
 * if it can
 */
public record DeliveryParts(String name, boolean autoStartup, int phase, Duration shutdownTimeout,
		PayloadReader payloads, UpdateDelivery updates, DeliveredUpdates delivered, Acknowledger acknowledger,
		Supplier<@Nullable String> outcomeUnknown) {

}
