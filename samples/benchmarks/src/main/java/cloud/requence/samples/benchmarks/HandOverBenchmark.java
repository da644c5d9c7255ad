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

package cloud.requence.samples.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;

import cloud.requence.task.Node;
import cloud.requence.task.NodeStart;
import cloud.requence.task.TaskAborted;
import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskUpdate;
import cloud.requence.task.TaskUpdateErrorHandler.Decision;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;
import cloud.requence.task.delivery.DeliveredUpdates;
import cloud.requence.task.delivery.DeliveryObserver;
import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.delivery.DeliveryWorkers;
import cloud.requence.task.delivery.EndAcknowledgement;
import cloud.requence.task.delivery.GuardedDeliveryMonitor;
import cloud.requence.task.delivery.LoggingContext;
import cloud.requence.task.delivery.PendingUpdate;
import cloud.requence.task.delivery.UpdateDelivery;
import cloud.requence.task.listener.EventPublishingHandler;
import cloud.requence.task.listener.TaskUpdateListenerFactory;

/**
 * The way of an update from the thread that has decoded it to an {@code @EventListener}
 * method: hand-over, delivery, publication.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class HandOverBenchmark {

	private static final int UPDATES = 1024;

	private static final int MAX_UPDATES = 256;

	private static final long MAX_BYTES = 1L << 40;

	/**
	 * How many threads deliver. With more than one, updates of a task stay in order.
	 */
	@Param("1")
	private int concurrency;

	/**
	 * How many tasks take turns.
	 */
	@Param("64")
	private int tasks;

	/**
	 * How many listeners there are, all but one for updates that do not come.
	 */
	@Param("1")
	private int listeners;

	/**
	 * How much the reader does for each update, in units of about a nanosecond.
	 */
	@Param({ "0", "1000" })
	private int decoding;

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final EventPublishingHandler handler = new EventPublishingHandler(this.context, () -> this, false);

	private final List<TaskUpdate> updates = new ArrayList<>();

	private volatile @Nullable Thread reader;

	private @Nullable DeliveryQueue queue;

	private @Nullable DeliveryWorkers workers;

	/**
	 * Start to deliver.
	 */
	@Setup
	public void start() {
		this.context.registerBean(TaskUpdateListenerFactory.class);
		this.context.registerBean(IdleListener.class);
		for (int i = 1; i < this.listeners; i++) {
			this.context.registerBean("other" + i, OtherListener.class);
		}
		this.context.refresh();
		for (int i = 0; i < UPDATES; i++) {
			this.updates.add(update("task-" + (i % this.tasks), i));
		}
		this.queue = (this.concurrency > 1)
				? DeliveryQueue.inLanes(MAX_UPDATES, MAX_BYTES, this.concurrency, System::nanoTime)
				: DeliveryQueue.serial(MAX_UPDATES, MAX_BYTES, System::nanoTime);
		DeliveryObserver observer = new Reader(this);
		UpdateDelivery delivery = new UpdateDelivery("benchmark", (update) -> true, this.handler,
				(update, failure, failures) -> Decision.skip(), new DeliveredUpdates(System::nanoTime),
				EndAcknowledgement.NONE, observer, GuardedDeliveryMonitor.of("benchmark", List.of()),
				LoggingContext.mdc(), (update) -> "", null);
		this.workers = new DeliveryWorkers(Thread::new, this.concurrency, Thread::new, this.queue, delivery, observer);
		this.workers.start();
	}

	private static TaskUpdate update(String taskId, long position) {
		UpdateHeader header = new UpdateHeader(UpdateType.NODE_START, taskId, null, "update-" + position, "benchmark",
				null, position, false, Map.of());
		return new NodeStart(header, TaskContext.of(taskId), new Node("node", null, null));
	}

	/**
	 * Stop delivering.
	 */
	@TearDown
	public void stop() {
		if (this.workers != null) {
			this.workers.signalStop();
		}
		this.context.close();
	}

	/**
	 * Hand updates over, one at a time as most platforms send them.
	 */
	@Benchmark
	@OperationsPerInvocation(UPDATES)
	public void handOver() {
		DeliveryQueue handOver = this.queue;
		if (handOver == null) {
			return;
		}
		this.reader = Thread.currentThread();
		for (TaskUpdate update : this.updates) {
			while (!handOver.claimRoom()) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
			}
			Blackhole.consumeCPU(this.decoding);
			handOver.add(List.of(new PendingUpdate(update, 100)), update.position());
		}
	}

	/**
	 * Publish updates on the thread that has decoded them.
	 * @throws Exception what a listener throws
	 */
	@Benchmark
	@OperationsPerInvocation(UPDATES)
	public void publish() throws Exception {
		for (TaskUpdate update : this.updates) {
			this.handler.handle(update);
		}
	}

	/**
	 * A listener that is called and does nothing.
	 */
	static class IdleListener {

		@EventListener
		void on(TaskUpdate update) {
		}

	}

	/**
	 * A listener that is not called.
	 */
	static class OtherListener {

		@EventListener
		void on(TaskAborted update) {
			throw new IllegalStateException("Not to be called");
		}

	}

	/**
	 * Wakes the reader when there is room.
	 *
	 * @param benchmark knows the thread that reads
	 */
	private record Reader(HandOverBenchmark benchmark) implements DeliveryObserver {

		@Override
		public void onFailed(TaskUpdate update, Throwable failure) {
			throw new IllegalStateException(failure);
		}

		@Override
		public void onStopRequired() {
		}

		@Override
		public void onEnded() {
		}

		@Override
		public void onRoom() {
			LockSupport.unpark(this.benchmark.reader);
		}

	}

}
