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

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Runs the tasks that clients create, each on a separate thread.
 */
final class TaskRunner {

	private static final Logger logger = LoggerFactory.getLogger(TaskRunner.class);

	private static final int MAX_THREADS = 1000;

	private final Platform platform;

	private final EmulatedFiles files;

	private final Map<String, TaskHandler> handlers = new ConcurrentHashMap<>();

	private final ExecutorService executor = new ThreadPoolExecutor(0, MAX_THREADS, 1, TimeUnit.MINUTES,
			new SynchronousQueue<>(), (work) -> {
				Thread thread = new Thread(work, "requence-emulator-task");
				thread.setDaemon(true);
				return thread;
			});

	TaskRunner(Platform platform, EmulatedFiles files) {
		this.platform = platform;
		this.files = files;
	}

	void register(String template, TaskHandler handler) {
		this.handlers.put(template, handler);
	}

	Set<String> templates() {
		return Set.copyOf(this.handlers.keySet());
	}

	void run(EmulatedTask task, JsonNode input) {
		TaskScript script = new TaskScript(this.platform, this.files, task, input);
		TaskHandler handler = this.handlers.getOrDefault(task.template(), TaskRunner::echo);
		try {
			this.executor.execute(() -> play(script, handler, input));
		}
		catch (RejectedExecutionException ex) {
			script.start().fail("Too many tasks are under way");
		}
	}

	void clear() {
		this.handlers.clear();
	}

	void close() {
		this.executor.shutdownNow();
	}

	private void play(TaskScript script, TaskHandler handler, JsonNode input) {
		try {
			script.start();
			handler.run(script, input);
		}
		catch (Throwable ex) {
			logger.debug("Task {} was left by its handler", script.taskId(), ex);
			if (!script.hasEnded() && this.platform.status(script.taskId()) != null) {
				script.fail(ex.toString());
			}
		}
	}

	private static void echo(TaskScript task, JsonNode input) {
		task.nodeStart("echo").nodeUpdate("echo", input).nodeEnd("echo").end(Map.of("echo", input));
	}

}
