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
import java.util.concurrent.ThreadFactory;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the application alive on behalf of threads that cannot, such as virtual ones.
 */
final class NonDaemonThread {

	private final ThreadFactory threads;

	private int holders;

	private @Nullable CountDownLatch released;

	NonDaemonThread(ThreadFactory threads) {
		this.threads = threads;
	}

	synchronized void hold() {
		if (this.holders == 0) {
			CountDownLatch latch = new CountDownLatch(1);
			this.threads.newThread(() -> awaitUninterruptibly(latch)).start();
			this.released = latch;
		}
		// Only now: a thread that could not be started holds nothing
		this.holders++;
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
				// Only its holders end this thread
			}
		}
	}

}
