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

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.DeliveryMonitor;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.support.LogText;

/**
 * Several monitors, none of which can harm a delivery. Attempts end in the opposite
 * order.
 */
public final class GuardedDeliveryMonitor implements DeliveryMonitor {

	private static final Log logger = LogFactory.getLog(GuardedDeliveryMonitor.class);

	/** Sees nothing, and costs nothing. */
	private static final DeliveryMonitor IDLE = (update, number) -> Attempt.UNOBSERVED;

	private final String watcher;

	private final DeliveryMonitor[] monitors;

	private final AtomicBoolean told = new AtomicBoolean();

	private GuardedDeliveryMonitor(String watcher, DeliveryMonitor... monitors) {
		this.watcher = watcher;
		this.monitors = monitors;
	}

	/**
	 * Return a monitor that passes everything on to several of them.
	 * @param watcher the name of the watcher
	 * @param monitors the monitors
	 * @return the monitor
	 */
	public static DeliveryMonitor of(String watcher, List<DeliveryMonitor> monitors) {
		return monitors.isEmpty() ? IDLE
				: new GuardedDeliveryMonitor(watcher, monitors.toArray(DeliveryMonitor[]::new));
	}

	@Override
	public Attempt begin(TaskUpdate update, int number) {
		Attempt[] attempts = new Attempt[this.monitors.length];
		for (int i = 0; i < attempts.length; i++) {
			attempts[i] = begin(this.monitors[i], update, number);
		}
		return (outcome, failure) -> end(attempts, outcome, failure);
	}

	private Attempt begin(DeliveryMonitor monitor, TaskUpdate update, int number) {
		try {
			return monitor.begin(update, number);
		}
		catch (Throwable ex) {
			tell(ex);
			return Attempt.UNOBSERVED;
		}
	}

	private void end(Attempt[] attempts, Outcome outcome, @Nullable Throwable failure) {
		for (int i = attempts.length - 1; i >= 0; i--) {
			try {
				attempts[i].end(outcome, failure);
			}
			catch (Throwable ex) {
				tell(ex);
			}
		}
	}

	@Override
	public void filtered(TaskUpdate update) {
		for (DeliveryMonitor monitor : this.monitors) {
			try {
				monitor.filtered(update);
			}
			catch (Throwable ex) {
				tell(ex);
			}
		}
	}

	private void tell(Throwable failure) {
		if (this.told.compareAndSet(false, true)) {
			logger.warn(
					LogText.watcher(this.watcher)
							+ ": an observer of the deliveries has failed; metrics and traces may be incomplete",
					failure);
		}
	}

}
