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

package cloud.requence.task.process.watching;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.event.EventListener;

import cloud.requence.task.NodeEnd;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskWatcher;

/**
 * An application as a user would write it, to be run in a process of its own. When a node
 * named {@code marker} ends it writes down what it has seen.
 */
@SpringBootApplication(exclude = DataSourceAutoConfiguration.class)
public class WatchingApplication {

	private final Path report;

	private final Duration pause;

	private final TaskWatcher watcher;

	private long count;

	private long incomplete;

	WatchingApplication(@Value("${report}") Path report, @Value("${pause:0s}") Duration pause, TaskWatcher watcher) {
		this.report = report;
		this.pause = pause;
		this.watcher = watcher;
	}

	public static void main(String[] args) {
		SpringApplication.run(WatchingApplication.class, args);
	}

	@EventListener
	void count(TaskUpdate update) throws InterruptedException {
		this.count++;
		if (update.incomplete()) {
			this.incomplete++;
		}
		if (this.pause.compareTo(Duration.ofMillis(10)) > 0) {
			new CountDownLatch(1).await(this.pause.toMillis(), TimeUnit.MILLISECONDS);
		}
		else if (!this.pause.isZero()) {
			LockSupport.parkNanos(this.pause.toNanos());
		}
	}

	@EventListener(condition = "#end.node().alias() == 'marker'")
	void report(NodeEnd end) throws IOException {
		Runtime runtime = Runtime.getRuntime();
		Files.writeString(this.report,
				"count=%d incomplete=%d tasks=%d evicted=%d used=%d".formatted(this.count, this.incomplete,
						this.watcher.status().contexts().tasks(), this.watcher.status().contexts().evicted(),
						runtime.totalMemory() - runtime.freeMemory()));
	}

}
