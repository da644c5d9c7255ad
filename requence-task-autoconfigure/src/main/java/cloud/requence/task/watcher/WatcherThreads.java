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

package cloud.requence.task.watcher;

import java.util.concurrent.ThreadFactory;

import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import cloud.requence.task.support.IsolatedThreadFactory;

/**
 * Creates the threads of a watcher. They inherit nothing from the thread that happens to
 * start the watcher, such as one that serves a request: neither thread locals nor the
 * context class loader.
 */
final class WatcherThreads {

	private final String watcher;

	private final @Nullable ClassLoader classLoader;

	/**
	 * Create a factory.
	 * @param watcher the name of the watcher, a part of the names of the threads
	 * @param classLoader the class loader of the application
	 */
	WatcherThreads(String watcher, @Nullable ClassLoader classLoader) {
		this.watcher = watcher;
		this.classLoader = classLoader;
	}

	/**
	 * Return a factory for threads that do not keep the application alive.
	 * @param task what the threads do
	 */
	ThreadFactory daemons(String task) {
		return IsolatedThreadFactory.daemons(name(task), this.classLoader);
	}

	/**
	 * Return a factory for threads with the same name.
	 * @param task what the threads do
	 */
	ThreadFactory named(String task) {
		return IsolatedThreadFactory.named(name(task), this.classLoader);
	}

	/**
	 * Return a factory for threads with numbers.
	 * @param task what the threads do
	 */
	ThreadFactory numbered(String task) {
		return IsolatedThreadFactory.numbered(name(task) + "-", this.classLoader);
	}

	/**
	 * Return a factory for virtual threads.
	 * @param task what the threads do
	 */
	ThreadFactory virtual(String task) {
		return IsolatedThreadFactory.virtual(name(task) + "-", this.classLoader);
	}

	private String name(String task) {
		return "requence-" + this.watcher + "-" + task;
	}

	/**
	 * Create a scheduler with one thread.
	 * @param task what the thread does
	 */
	Scheduler scheduler(String task) {
		return Schedulers.newSingle(daemons(task));
	}

}
