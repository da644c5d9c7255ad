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

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The ends of tasks that the application acknowledges itself, and has not acknowledged
 * yet. Guarded by the queue.
 */
final class AwaitedAcknowledgements {

	private static final Log logger = LogFactory.getLog(AwaitedAcknowledgements.class);

	private static final int MAX_COUNT = 1000;

	private final Map<String, PendingUpdate> updates = new LinkedHashMap<>();

	// Tasks that were acknowledged before their ends were delivered, the oldest first
	private final Set<String> early = new LinkedHashSet<>();

	private boolean full;

	/**
	 * Let the end of a task hold the progress up, unless it was acknowledged already.
	 * @return an earlier end of the same task, which holds the progress up no more;
	 * {@code null} if there is none
	 */
	@Nullable PendingUpdate add(PendingUpdate update) {
		if (update.acknowledgement() != null) {
			// In an earlier attempt, by a listener that is not called again
			return null;
		}
		String taskId = update.update().taskId();
		if (this.early.remove(taskId)) {
			// Sent already, but only the checkpoint lets it survive a crash
			update.acknowledge(taskId);
			return null;
		}
		update.holdOpen(true);
		PendingUpdate earlier = this.updates.put(taskId, update);
		if (earlier == null || earlier == update) {
			return null;
		}
		earlier.holdOpen(false);
		return earlier;
	}

	/**
	 * Take out the end of a task, which holds the progress up no more.
	 * @return the end of the task; {@code null} if it is not awaited
	 */
	@Nullable PendingUpdate acknowledge(String taskId) {
		PendingUpdate update = this.updates.remove(taskId);
		if (update != null) {
			update.holdOpen(false);
			update.acknowledge(taskId);
		}
		else {
			remember(taskId);
		}
		return update;
	}

	private void remember(String taskId) {
		this.early.remove(taskId);
		this.early.add(taskId);
		if (this.early.size() > MAX_COUNT) {
			Iterator<String> oldest = this.early.iterator();
			oldest.next();
			oldest.remove();
		}
	}

	/**
	 * Take out the end of a task that was acknowledged elsewhere.
	 * @return the end of the task; {@code null} if it is not awaited
	 */
	@Nullable PendingUpdate release(String taskId) {
		PendingUpdate update = this.updates.remove(taskId);
		if (update != null) {
			update.holdOpen(false);
		}
		return update;
	}

	/**
	 * Return the identifiers of the tasks, at most {@value #MAX_COUNT} and a few, the
	 * oldest first.
	 */
	List<String> taskIds() {
		return List.copyOf(this.updates.keySet());
	}

	int size() {
		return this.updates.size();
	}

	void remove(PendingUpdate update) {
		if (this.updates.remove(update.update().taskId(), update)) {
			update.holdOpen(false);
		}
	}

	/**
	 * Return how many more may come.
	 */
	int room() {
		int room = MAX_COUNT - this.updates.size();
		if (room <= 0 && !this.full) {
			logger.warn("The delivery waits, as " + MAX_COUNT + " ends of tasks were delivered and not acknowledged."
					+ " Call TaskWatcher.acknowledge when their work is done");
		}
		this.full = room <= 0;
		return room;
	}

	void clear() {
		this.updates.clear();
	}

}
