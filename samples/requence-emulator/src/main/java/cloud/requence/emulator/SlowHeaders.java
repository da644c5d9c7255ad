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

package cloud.requence.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections on which the headers of a request take too long, however steadily
 * they drip: each byte would start the server's own timeout again. Safe for use by any
 * thread.
 */
final class SlowHeaders extends AbstractLifeCycle implements Connection.Listener {

	private final Map<EndPoint, Long> waitingSince = new ConcurrentHashMap<>();

	private final Scheduler scheduler;

	private final long timeoutNanos;

	private volatile Scheduler.@Nullable Task next;

	SlowHeaders(Server server, long timeoutNanos) {
		this.scheduler = server.getScheduler();
		this.timeoutNanos = timeoutNanos;
	}

	/**
	 * Called when the headers of a request are there.
	 */
	void received(EndPoint endPoint) {
		this.waitingSince.remove(endPoint);
	}

	/**
	 * Called when a request was answered: headers of another one may follow.
	 */
	void answered(EndPoint endPoint) {
		if (endPoint.isOpen()) {
			this.waitingSince.put(endPoint, System.nanoTime());
		}
	}

	@Override
	public void onOpened(Connection connection) {
		this.waitingSince.put(connection.getEndPoint(), System.nanoTime());
	}

	@Override
	public void onClosed(Connection connection) {
		this.waitingSince.remove(connection.getEndPoint());
	}

	@Override
	protected void doStart() {
		scheduleCheck();
	}

	@Override
	protected void doStop() {
		Scheduler.Task task = this.next;
		if (task != null) {
			task.cancel();
		}
	}

	private void scheduleCheck() {
		this.next = this.scheduler.schedule(() -> {
			try {
				closeSlow();
			}
			finally {
				scheduleCheck();
			}
		}, TimeUnit.NANOSECONDS.toMillis(this.timeoutNanos) / 4 + 1, TimeUnit.MILLISECONDS);
	}

	private void closeSlow() {
		long now = System.nanoTime();
		List<EndPoint> slow = new ArrayList<>();
		this.waitingSince.forEach((endPoint, since) -> {
			if (now - since > this.timeoutNanos && this.waitingSince.remove(endPoint, since)) {
				slow.add(endPoint);
			}
		});
		slow.forEach(EndPoint::close);
	}

}
