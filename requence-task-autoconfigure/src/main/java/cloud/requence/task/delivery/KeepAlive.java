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

import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the application alive for threads that cannot do it themselves, as virtual ones.
 */
final class KeepAlive {

	private final String threadName;

	private int holders;

	private @Nullable CountDownLatch released;

	KeepAlive(String threadName) {
		this.threadName = threadName;
	}

	synchronized void hold() {
		if (this.holders++ == 0) {
			CountDownLatch latch = new CountDownLatch(1);
			this.released = latch;
			Thread thread = new Thread(() -> awaitUninterruptibly(latch), this.threadName);
			thread.setDaemon(false);
			thread.start();
		}
	}

	synchronized void release() {
		if (--this.holders == 0 && this.released != null) {
			this.released.countDown();
		}
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		while (true) {
			try {
				latch.await();
				return;
			}
			catch (InterruptedException ex) {
				// Nobody ends this thread but its holders
			}
		}
	}

}
