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

package cloud.requence.task.autoconfigure.observation;

import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;

import cloud.requence.task.DeliveryMonitor;

/**
 * Observes the deliveries of every watcher. This monitor surrounds all others, so that
 * they belong to the trace.
 */
final class ObservedDeliveryFactory implements DeliveryMonitor.Factory, Ordered {

	private final ObservationRegistry registry;

	private final @Nullable TaskUpdateObservationConvention convention;

	ObservedDeliveryFactory(ObservationRegistry registry, @Nullable TaskUpdateObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public DeliveryMonitor create(String watcher) {
		return new ObservedDelivery(watcher, this.registry, this.convention);
	}

	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

}
