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

package cloud.requence.samples.benchmarks;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.NodeUpdate;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskStart;
import cloud.requence.task.TaskUpdate;

/**
 * The whole product, from the socket to the listener.
 */
abstract class StarterListener {

	private final Probe probe;

	StarterListener(Probe probe) {
		this.probe = probe;
	}

	void received(TaskUpdate update) {
		Long position = update.position();
		this.probe.received((position != null) ? position : 0);
	}

	void read(TaskUpdate update) {
		TaskPayload payload = payload(update);
		if (payload != null) {
			this.probe.keep(payload.as(Order.class));
		}
	}

	private static @Nullable TaskPayload payload(TaskUpdate update) {
		if (update instanceof NodeUpdate nodeUpdate) {
			return nodeUpdate.data();
		}
		if (update instanceof TaskStart start) {
			return start.input();
		}
		return (update instanceof TaskEnd end) ? end.result() : null;
	}

}
