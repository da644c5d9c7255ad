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

package cloud.requence.samples.dashboard.payload;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import cloud.requence.samples.dashboard.web.ProblemException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.HttpStatus;

/**
 * Limits how many files, streams and large values are fetched at a time. A fetch blocks a
 * thread for as long as a stream is silent, so fetches have threads of their own: however
 * many are open, they hold up nothing else. Safe for use by any thread.
 */
final class FileFetches implements AutoCloseable {

	private final FileProperties limits;

	private final Scheduler scheduler;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, Integer> openPerViewer = new HashMap<>();

	private int open;

	FileFetches(FileProperties limits) {
		this.limits = limits;
		// A fetch that changes threads has two of them for a moment
		int threads = 2 * limits.maxOpen();
		this.scheduler = Schedulers.newBoundedElastic(threads, threads, "dashboard-files", 60, true);
	}

	/**
	 * Return the threads of fetches.
	 */
	Scheduler scheduler() {
		return this.scheduler;
	}

	/**
	 * Fetch something, unless too much is being fetched already.
	 * @param viewer what the limit of each viewer counts by
	 * @param fetch fetches it on the threads of fetches
	 * @return the outcome; fails with {@link ProblemException} above the limits
	 */
	<T> Mono<T> limited(String viewer, Supplier<Mono<T>> fetch) {
		return Mono.using(() -> acquire(viewer), (permit) -> fetch.get().timeout(this.limits.timeout()), this::release);
	}

	private String acquire(String viewer) {
		this.lock.lock();
		try {
			int ofViewer = this.openPerViewer.getOrDefault(viewer, 0);
			if (ofViewer >= this.limits.maxOpenPerViewer()) {
				throw new ProblemException(HttpStatus.TOO_MANY_REQUESTS, "You have " + ofViewer
						+ " files and streams open, which is as many as allowed. Close some and try again.");
			}
			if (this.open >= this.limits.maxOpen()) {
				throw new ProblemException(HttpStatus.SERVICE_UNAVAILABLE, "All viewers have " + this.open
						+ " files and streams open, which is as many as allowed. Try again later.");
			}
			this.open++;
			this.openPerViewer.put(viewer, ofViewer + 1);
			return viewer;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void release(String viewer) {
		this.lock.lock();
		try {
			this.open--;
			this.openPerViewer.computeIfPresent(viewer, (key, count) -> (count > 1) ? count - 1 : null);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void close() {
		this.scheduler.dispose();
	}

}
