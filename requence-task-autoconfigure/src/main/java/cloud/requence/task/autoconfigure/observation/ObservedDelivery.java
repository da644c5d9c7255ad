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

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.DeliveryMonitor;
import cloud.requence.task.TaskUpdate;

/**
 * Opens an observation on the delivery thread for the duration of an attempt.
 */
final class ObservedDelivery implements DeliveryMonitor {

	private final String watcher;

	private final ObservationRegistry registry;

	private final @Nullable TaskUpdateObservationConvention convention;

	ObservedDelivery(String watcher, ObservationRegistry registry,
			@Nullable TaskUpdateObservationConvention convention) {
		this.watcher = watcher;
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public Attempt begin(TaskUpdate update, int number) {
		if (this.registry.isNoop()) {
			return Attempt.UNOBSERVED;
		}
		TaskUpdateObservationContext context = new TaskUpdateObservationContext(this.watcher, update, number);
		Observation observation = TaskUpdateObservation.DELIVERY
			.observation(this.convention, DefaultTaskUpdateObservationConvention.INSTANCE, () -> context, this.registry)
			.start();
		Observation.Scope scope = open(observation);
		return (outcome, failure) -> {
			context.setOutcome(outcome);
			try {
				if (failure != null) {
					observation.error(failure);
				}
			}
			finally {
				end(observation, scope);
			}
		};
	}

	private Observation.Scope open(Observation observation) {
		try {
			return observation.openScope();
		}
		catch (Throwable ex) {
			Observation.Scope current = this.registry.getCurrentObservationScope();
			end(observation, (current != null && current.getCurrentObservation() == observation) ? current
					: Observation.Scope.NOOP);
			throw ex;
		}
	}

	private void end(Observation observation, Observation.Scope scope) {
		try {
			close(scope);
		}
		finally {
			observation.stop();
		}
	}

	/**
	 * If a failing handler prevents a scope from being closed, it would apply to
	 * everything that follows on this thread.
	 */
	private void close(Observation.Scope scope) {
		try {
			scope.close();
		}
		finally {
			if (this.registry.getCurrentObservationScope() == scope) {
				this.registry.setCurrentObservationScope(scope.getPreviousObservationScope());
			}
		}
	}

}
