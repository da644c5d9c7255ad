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

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;

import cloud.requence.task.PayloadReader;
import cloud.requence.task.context.ContextAssembler;
import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.stream.UpdateDecoder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the memory that reading takes: what an update allocates on its way from bytes
 * to where it waits for its delivery, and what an open task holds. The limits leave a
 * margin of a quarter over what was measured without an optimizing compiler.
 */
class ReadingAllocationTests {

	private static final int TASKS = 200;

	private static final int STEPS = 10;

	private static final int ROUNDS = 20;

	private static final int OPEN_TASKS = 20_000;

	private static final String PAYLOAD = "{\"lines\":[" + "{\"article\":\"A-1000\",\"price\":1.25},".repeat(30)
			+ "{}]}";

	private final DeliveryQueue queue = DeliveryQueue.serial(1_000_000, Long.MAX_VALUE / 2, System::nanoTime);

	private final UpdatePipeline pipeline = new UpdatePipeline("test", 1_000_000,
			new UpdateDecoder(PayloadReader.standard()),
			new ContextAssembler(Long.MAX_VALUE, Duration.ofHours(1), System::nanoTime), null, this.queue,
			Clock.systemUTC(), System::nanoTime);

	private long position;

	@Test
	void anUpdateAllocatesLittleMoreThanItsPayload() {
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		this.pipeline.begin(this);
		long allocated = 0;
		for (int round = 0; round < ROUNDS; round++) {
			List<ByteBuffer> chunks = round(round);
			long before = threads.getCurrentThreadAllocatedBytes();
			this.pipeline.accept(this, chunks);
			allocated = threads.getCurrentThreadAllocatedBytes() - before;
			this.queue.restart(this.pipeline.position());
		}
		assertThat(this.pipeline.reporter().newUpdates()).isEqualTo((long) ROUNDS * TASKS * STEPS);
		assertThat(this.pipeline.reporter().malformed()).isZero();
		assertThat(allocated / (TASKS * STEPS) - PAYLOAD.length()).isLessThan(1100);
	}

	@Test
	void anOpenTaskHoldsLittleMoreThanItsJson() {
		this.pipeline.begin(this);
		this.pipeline.accept(this, round(0).subList(0, TASKS));
		this.queue.restart(this.pipeline.position());
		long before = usedHeap();
		long size = 0;
		for (int task = 0; task < OPEN_TASKS; task++) {
			ByteBuffer start = update(1, task, 0);
			size += start.remaining();
			this.pipeline.accept(this, List.of(start));
			this.queue.restart(this.pipeline.position());
		}
		assertThat((double) (usedHeap() - before) / size).isLessThan(1.3);
		assertThat(this.pipeline.contexts().tasks()).isEqualTo(OPEN_TASKS + TASKS);
	}

	private static long usedHeap() {
		System.gc();
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private List<ByteBuffer> round(int round) {
		List<ByteBuffer> chunks = new ArrayList<>();
		for (int step = 0; step < STEPS; step++) {
			for (int task = 0; task < TASKS; task++) {
				chunks.add(update(round, task, step));
			}
		}
		return chunks;
	}

	private ByteBuffer update(int round, int task, int step) {
		String type = (step == 0) ? "taskStart" : (step < STEPS - 1) ? "nodeUpdate" : "taskEnd";
		String payload = (step == 0) ? "\"input\":"
				: (step < STEPS - 1) ? "\"node\":{\"id\":\"n" + step % 4 + "\",\"type\":\"service\",\"alias\":\"step"
						+ step % 4 + "\"},\"output\":null,\"data\":" : "\"exit\":null,\"requireAck\":false,\"result\":";
		String taskId = String.format("%08x-0000-4000-8000-%012d", round, task);
		String updateId = String.format("%08x-0000-4000-9000-%012d", round, task * STEPS + step);
		return ByteBuffer.wrap(("id: " + ++this.position + "\nevent: " + type + "\ndata: {\"taskId\":\"" + taskId
				+ "\",\"task_id\":\"" + taskId + "\",\"updateId\":\"" + updateId
				+ "\",\"name\":\"order\",\"timestamp\":\"2026-11-25T10:15:30.123Z\",\"rootTaskId\":null," + payload
				+ PAYLOAD + "}\n\n")
			.getBytes(StandardCharsets.UTF_8));
	}

}
