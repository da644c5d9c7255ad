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

package cloud.requence.task.support;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * Creates threads that inherit nothing from the thread that happens to create them:
 * neither inheritable thread locals, nor the context class loader, priority, thread group
 * or daemon status. A watcher that is started by a request would otherwise call its
 * listeners with the user or tenant of that request until it stops.
 */
public final class IsolatedThreadFactory implements ThreadFactory {

	private final ThreadFactory threads;

	private final @Nullable ClassLoader contextClassLoader;

	private IsolatedThreadFactory(ThreadFactory threads, @Nullable ClassLoader contextClassLoader) {
		this.threads = threads;
		this.contextClassLoader = contextClassLoader;
	}

	/**
	 * Return a factory of daemon threads that all have the same name.
	 * @param name the name of each thread
	 * @param contextClassLoader the class loader of the application
	 * @return the factory
	 */
	public static ThreadFactory daemons(String name, @Nullable ClassLoader contextClassLoader) {
		return new IsolatedThreadFactory((work) -> platformThread(work, name, true), contextClassLoader);
	}

	/**
	 * Return a factory of threads that keep the application alive.
	 * @param name the name of each thread
	 * @param contextClassLoader the class loader of the application
	 * @return the factory
	 */
	public static ThreadFactory named(String name, @Nullable ClassLoader contextClassLoader) {
		return new IsolatedThreadFactory((work) -> platformThread(work, name, false), contextClassLoader);
	}

	/**
	 * Return a factory of threads that keep the application alive and are numbered.
	 * @param prefix what precedes the number in the name of each thread
	 * @param contextClassLoader the class loader of the application
	 * @return the factory
	 */
	public static ThreadFactory numbered(String prefix, @Nullable ClassLoader contextClassLoader) {
		AtomicLong number = new AtomicLong();
		return new IsolatedThreadFactory((work) -> platformThread(work, prefix + number.incrementAndGet(), false),
				contextClassLoader);
	}

	/**
	 * Return a factory of virtual threads that are numbered. Needs Java 21.
	 * @param prefix what precedes the number in the name of each thread
	 * @param contextClassLoader the class loader of the application
	 * @return the factory
	 */
	public static ThreadFactory virtual(String prefix, @Nullable ClassLoader contextClassLoader) {
		return new IsolatedThreadFactory(virtualThreads(prefix), contextClassLoader);
	}

	@SuppressWarnings("ThreadPriorityCheck")
	private static Thread platformThread(Runnable work, String name, boolean daemon) {
		Thread thread = new Thread(topGroup(), work, name, 0, false);
		thread.setDaemon(daemon);
		thread.setPriority(Thread.NORM_PRIORITY);
		return thread;
	}

	private static ThreadGroup topGroup() {
		ThreadGroup group = Thread.currentThread().getThreadGroup();
		while (group.getParent() != null && !group.getName().equals("main")) {
			group = group.getParent();
		}
		return group;
	}

	// By reflection: this module is compiled for Java 17
	private static ThreadFactory virtualThreads(String prefix) {
		try {
			Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
			Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
			type.getMethod("inheritInheritableThreadLocals", boolean.class).invoke(builder, false);
			type.getMethod("name", String.class, long.class).invoke(builder, prefix, 0L);
			return (ThreadFactory) type.getMethod("factory").invoke(builder);
		}
		catch (ReflectiveOperationException ex) {
			ReflectionUtils.handleReflectionException(ex);
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public Thread newThread(Runnable work) {
		Thread thread = this.threads.newThread(work);
		thread.setContextClassLoader(this.contextClassLoader);
		return thread;
	}

}
