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

package cloud.requence.task.faults;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What is late.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class Timer implements AutoCloseable {

	private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(4);

	void later(Duration delay, Runnable action) {
		this.executor.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
	}

	/**
	 * Answer late.
	 */
	void pause(Duration delay) throws InterruptedException {
		if (!delay.isZero()) {
			CountDownLatch over = new CountDownLatch(1);
			later(delay, over::countDown);
			over.await();
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
