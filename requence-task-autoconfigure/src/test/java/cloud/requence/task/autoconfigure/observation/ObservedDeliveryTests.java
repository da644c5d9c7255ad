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

import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import cloud.requence.task.DeliveryMonitor.Attempt;
import cloud.requence.task.DeliveryMonitor.Outcome;
import cloud.requence.task.Node;
import cloud.requence.task.NodeEnd;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ObservedDelivery} and handlers of observations that fail.
 */
class ObservedDeliveryTests {

	private static final TaskUpdate UPDATE = new NodeEnd(
			new UpdateHeader(UpdateType.NODE_END, "task", null, "update", null, null, 1L, false, Map.of()),
			TaskContext.of("task"), new Node("node", null, null));

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final FailingHandler handler = new FailingHandler();

	private final ObservedDelivery delivery = new ObservedDelivery("my-watcher", this.registry, null);

	ObservedDeliveryTests() {
		this.registry.observationConfig().observationHandler(this.handler);
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "OPEN")
	void leavesNoScopeBehindIfItCannotBeEnded(Step step) {
		Observation outer = Observation.start("outer", this.registry);
		try (Observation.Scope scope = outer.openScope()) {
			Attempt attempt = this.delivery.begin(UPDATE, 1);
			assertThat(this.registry.getCurrentObservation()).isNotSameAs(outer);
			this.handler.failing = step;
			assertThatIllegalStateException()
				.isThrownBy(() -> attempt.end(Outcome.FAILED, new IllegalArgumentException()))
				.withMessage("cannot " + step);
			assertThat(this.registry.getCurrentObservationScope()).isSameAs(scope);
			assertThat(this.handler.stopped).isOne();
			this.handler.failing = null;
		}
	}

	@Test
	void leavesNoScopeBehindIfItCannotBeOpened() {
		this.handler.failing = Step.OPEN;
		assertThatIllegalStateException().isThrownBy(() -> this.delivery.begin(UPDATE, 1)).withMessage("cannot OPEN");
		assertThat(this.registry.getCurrentObservationScope()).isNull();
		assertThat(this.handler.stopped).isOne();
	}

	private enum Step {

		OPEN, ERROR, CLOSE, STOP

	}

	private static final class FailingHandler implements ObservationHandler<Observation.Context> {

		private @Nullable Step failing;

		private int stopped;

		private void fail(Step step) {
			if (this.failing == step) {
				throw new IllegalStateException("cannot " + step);
			}
		}

		@Override
		public void onScopeOpened(Observation.Context context) {
			fail(Step.OPEN);
		}

		@Override
		public void onError(Observation.Context context) {
			fail(Step.ERROR);
		}

		@Override
		public void onScopeClosed(Observation.Context context) {
			fail(Step.CLOSE);
		}

		@Override
		public void onStop(Observation.Context context) {
			this.stopped++;
			fail(Step.STOP);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
