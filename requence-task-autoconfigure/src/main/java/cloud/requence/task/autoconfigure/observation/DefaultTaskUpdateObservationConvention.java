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

import java.util.Locale;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.DeliveryMonitor.Outcome;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.autoconfigure.observation.TaskUpdateObservation.HighCardinalityKeys;
import cloud.requence.task.autoconfigure.observation.TaskUpdateObservation.LowCardinalityKeys;

/**
 * The names and keys of {@link TaskUpdateObservation}. To be extended by conventions that
 * change a part of them.
 */
public class DefaultTaskUpdateObservationConvention implements TaskUpdateObservationConvention {

	static final DefaultTaskUpdateObservationConvention INSTANCE = new DefaultTaskUpdateObservationConvention();

	@Override
	public String getName() {
		return "requence.task.delivery";
	}

	@Override
	public String getContextualName(TaskUpdateObservationContext context) {
		return "deliver " + context.getUpdate().type().wireName();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(TaskUpdateObservationContext context) {
		KeyValues values = KeyValues.of(LowCardinalityKeys.WATCHER.withValue(context.getWatcher()),
				LowCardinalityKeys.TYPE.withValue(context.getUpdate().type().wireName()));
		Outcome outcome = context.getOutcome();
		return (outcome != null)
				? values.and(LowCardinalityKeys.OUTCOME.withValue(outcome.name().toLowerCase(Locale.ROOT))) : values;
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(TaskUpdateObservationContext context) {
		TaskUpdate update = context.getUpdate();
		KeyValues values = KeyValues.of(HighCardinalityKeys.TASK_ID.withValue(update.taskId()),
				HighCardinalityKeys.ATTEMPT.withValue(String.valueOf(context.getAttempt())));
		values = and(values, HighCardinalityKeys.ROOT_TASK_ID, update.rootTaskId());
		values = and(values, HighCardinalityKeys.UPDATE_ID, update.updateId());
		return and(values, HighCardinalityKeys.POSITION, update.position());
	}

	private static KeyValues and(KeyValues values, KeyName name, @Nullable Object value) {
		return (value != null) ? values.and(KeyValue.of(name, value.toString())) : values;
	}

}
