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

package cloud.requence.task.delivery;

import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import cloud.requence.task.Node;
import cloud.requence.task.NodeStart;
import cloud.requence.task.TaskContext;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;

/**
 * Empties a {@link DeliveryQueue} as a delivery would.
 */
public final class TestDelivery {

	private TestDelivery() {
	}

	public static void drain(DeliveryQueue queue) {
		for (PendingUpdate next = take(queue); next != null; next = take(queue)) {
			done(queue, next);
		}
	}

	public static @Nullable PendingUpdate take(DeliveryQueue queue) {
		@Nullable PendingUpdate[] batch = new PendingUpdate[1];
		return locked(queue, () -> (queue.take(batch, 0) > 0) ? batch[0] : null);
	}

	static @Nullable PendingUpdate take(Line line, long now) {
		@Nullable PendingUpdate[] batch = new PendingUpdate[1];
		return (line.take(batch, 1, now) > 0) ? batch[0] : null;
	}

	public static void done(DeliveryQueue queue, PendingUpdate update) {
		locked(queue, () -> {
			queue.done(new PendingUpdate[] { update }, 1);
			return true;
		});
	}

	/**
	 * Return an update of any task with a position and a time.
	 */
	static PendingUpdate update(@Nullable Long position, @Nullable Instant timestamp) {
		UpdateHeader header = new UpdateHeader(UpdateType.NODE_START, "task", null, null, null, timestamp, position,
				false, Map.of());
		return new PendingUpdate(new NodeStart(header, TaskContext.of("task"), new Node("node", null, null)), 0);
	}

	public static void park(DeliveryQueue queue, PendingUpdate update, long until) {
		locked(queue, () -> {
			queue.park(update, until);
			return true;
		});
	}

	public static void acknowledgeOnceDurable(PendingUpdate update) {
		if (EndAcknowledgement.isRequired(update.update())) {
			update.acknowledge(update.update().taskId());
		}
	}

	private static <T extends @Nullable Object> T locked(DeliveryQueue queue, Supplier<T> action) {
		queue.lock().lock();
		try {
			return action.get();
		}
		finally {
			queue.lock().unlock();
		}
	}

}
