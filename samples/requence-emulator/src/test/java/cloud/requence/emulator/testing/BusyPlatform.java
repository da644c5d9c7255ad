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

package cloud.requence.emulator.testing;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import cloud.requence.emulator.RequenceEmulator;

import static org.awaitility.Awaitility.await;

/**
 * An emulator on which tasks run all the time, all of which are to be acknowledged.
 */
public final class BusyPlatform implements AutoCloseable {

	private final RequenceEmulator emulator = RequenceEmulator.builder().build().start();

	private final Map<String, Long> ends = new ConcurrentHashMap<>();

	private final Thread thread = new Thread(this::play, "busy-platform");

	private final long pauseNanos;

	private volatile boolean running = true;

	/**
	 * Start tasks.
	 * @param tasksPerSecond how many of them, at most
	 */
	public BusyPlatform(int tasksPerSecond) {
		this.pauseNanos = 1_000_000_000L / tasksPerSecond;
		this.thread.start();
	}

	public RequenceEmulator emulator() {
		return this.emulator;
	}

	/**
	 * Return the positions of the ends of all tasks.
	 */
	public Map<String, Long> ends() {
		return this.ends;
	}

	private void play() {
		Random random = new Random(1);
		while (this.running) {
			var task = this.emulator.task("invoice").input(Map.of("number", random.nextInt())).requireAck().start();
			task.nodeStart("a").nodeUpdate("a", random.nextInt()).end("done");
			this.ends.put(task.taskId(), this.emulator.lastPosition());
			LockSupport.parkNanos(this.pauseNanos);
		}
	}

	/**
	 * Let no more tasks run.
	 * @return the last position
	 */
	public long quiet() {
		this.running = false;
		await().until(() -> !this.thread.isAlive());
		return this.emulator.lastPosition();
	}

	@Override
	public void close() {
		quiet();
		this.emulator.close();
	}

}
