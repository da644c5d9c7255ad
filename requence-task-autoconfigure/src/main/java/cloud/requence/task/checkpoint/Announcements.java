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

package cloud.requence.task.checkpoint;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import cloud.requence.task.support.LogText;

/**
 * What follows from saved checkpoints: acknowledgements, and calls of the observer. A
 * call that fails is made again with the next delivery, and keeps no other from being
 * made. One thread delivers at a time.
 */
final class Announcements {

	private static final Log logger = LogFactory.getLog(Announcements.class);

	private final String watcher;

	private final Consumer<String> acknowledge;

	private final CheckpointObserver observer;

	private final AtomicInteger requests = new AtomicInteger();

	// Guarded by this
	private final Set<String> durable = new LinkedHashSet<>();

	private boolean saved;

	private boolean superseded;

	// Guarded by the delivery
	private boolean failing;

	/**
	 * Create announcements, with none to make.
	 * @param watcher the name of the watcher, for logs
	 * @param acknowledge called with each task whose end is durable
	 * @param observer called for everything else
	 */
	Announcements(String watcher, Consumer<String> acknowledge, CheckpointObserver observer) {
		this.watcher = watcher;
		this.acknowledge = acknowledge;
		this.observer = observer;
	}

	synchronized void saved(Collection<String> durable) {
		this.durable.addAll(durable);
		this.saved = true;
	}

	synchronized void superseded() {
		this.superseded = true;
	}

	synchronized void clear() {
		this.durable.clear();
		this.superseded = false;
	}

	/**
	 * Make all calls that are due, unless another thread does. Never throws.
	 */
	void deliver() {
		if (this.requests.getAndIncrement() > 0) {
			return;
		}
		int served = 1;
		do {
			try {
				call();
			}
			catch (Throwable ex) {
				failed(ex);
			}
			served = this.requests.addAndGet(-served);
		}
		while (served > 0);
	}

	private void call() {
		boolean succeeds = true;
		for (String taskId : durable()) {
			succeeds &= run(() -> this.acknowledge.accept(taskId), () -> this.durable.remove(taskId));
		}
		if (isSaved()) {
			succeeds &= run(this.observer::onSaved, () -> this.saved = false);
		}
		if (isSuperseded()) {
			succeeds &= run(this.observer::onSuperseded, () -> this.superseded = false);
		}
		this.failing &= !succeeds;
	}

	private synchronized List<String> durable() {
		return List.copyOf(this.durable);
	}

	private synchronized boolean isSaved() {
		return this.saved;
	}

	private synchronized boolean isSuperseded() {
		return this.superseded;
	}

	private boolean run(Runnable call, Runnable done) {
		try {
			call.run();
			synchronized (this) {
				done.run();
			}
			return true;
		}
		catch (Throwable ex) {
			failed(ex);
			return false;
		}
	}

	private void failed(Throwable failure) {
		try {
			String message = LogText.watcher(this.watcher)
					+ ": the actions after a saved checkpoint have failed, and are repeated with the next one";
			if (this.failing) {
				logger.debug(message, failure);
			}
			else {
				logger.warn(message, failure);
			}
			this.failing = true;
		}
		catch (Error ex) {
			// Without memory for a log line there is none
			this.failing = true;
		}
	}

}
