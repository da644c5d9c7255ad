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

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observations that are made of deliveries, with their keys.
 */
public enum TaskUpdateObservation implements ObservationDocumentation {

	/**
	 * An attempt to deliver an update.
	 */
	DELIVERY {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultTaskUpdateObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return LowCardinalityKeys.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinalityKeys.values();
		}

	};

	/**
	 * Keys with few values, which become tags of metrics.
	 */
	public enum LowCardinalityKeys implements KeyName {

		/**
		 * The name of the watcher.
		 */
		WATCHER("watcher"),

		/**
		 * The type of the update, such as {@code taskEnd}.
		 */
		TYPE("type"),

		/**
		 * How the attempt has ended, such as {@code delivered} or {@code retry}.
		 */
		OUTCOME("outcome");

		private final String key;

		LowCardinalityKeys(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * Keys with any number of values, which become attributes of spans.
	 */
	public enum HighCardinalityKeys implements KeyName {

		/**
		 * The identifier of the task.
		 */
		TASK_ID("requence.task.id"),

		/**
		 * The identifier of the root task, of a sub-task.
		 */
		ROOT_TASK_ID("requence.task.root.id"),

		/**
		 * The identifier of the update.
		 */
		UPDATE_ID("requence.task.update.id"),

		/**
		 * The position of the update.
		 */
		POSITION("requence.task.position"),

		/**
		 * Which attempt it is for the update, from 1.
		 */
		ATTEMPT("requence.task.attempt");

		private final String key;

		HighCardinalityKeys(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
