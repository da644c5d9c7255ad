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

package cloud.requence.task.checkpoint;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

import cloud.requence.task.TaskContext;
import cloud.requence.task.TaskEnd;
import cloud.requence.task.UpdateHeader;
import cloud.requence.task.UpdateType;
import cloud.requence.task.delivery.DeliveryQueue;
import cloud.requence.task.delivery.PendingUpdate;
import cloud.requence.task.delivery.TestDelivery;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what is promised of checkpoints against a simple model: whatever the order in
 * which updates are done, whatever fails, and whenever the application crashes.
 */
class CheckpointModelTests {

	private static final URI BASE_URL = URI.create("https://example.com/api");

	private static final String LOGGER = "cloud.requence.task.checkpoint";

	private final LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());

	@BeforeProperty
	void doNotLogWhatIsExpected() {
		this.logging.setLogLevel(LOGGER, LogLevel.OFF);
	}

	@AfterProperty
	void logAgain() {
		this.logging.setLogLevel(LOGGER, null);
	}

	@Property(tries = 300)
	void nothingIsLostAndNothingIsAcknowledgedTooEarly(@ForAll long seed,
			@ForAll @IntRange(min = 1, max = 120) int updates, @ForAll @IntRange(min = 1, max = 8) int threads) {
		new World(new Random(seed), updates, threads).run();
	}

	/**
	 * A platform with some updates, a store that outlives crashes, and an application
	 * that does not.
	 */
	private static final class World {

		private final Random random;

		private final int updates;

		private final int threads;

		private final MemoryCheckpointStore store = new MemoryCheckpointStore();

		private final CheckpointFormat format = new CheckpointFormat();

		private final Map<Long, Integer> deliveries = new HashMap<>();

		private final Set<String> taken = new HashSet<>();

		private Application application;

		World(Random random, int updates, int threads) {
			this.random = random;
			this.updates = updates;
			this.threads = threads;
			this.application = new Application();
		}

		void run() {
			for (int steps = 0; steps < 20_000 && !isFinished(); steps++) {
				step();
				check();
			}
			assertThat(isFinished()).as("everything comes to an end").isTrue();
			for (long position = 1; position <= this.updates; position++) {
				assertThat(this.deliveries).containsKey(position);
			}
		}

		private boolean isFinished() {
			Checkpoint stored = stored();
			return stored.position() != null && stored.position() == this.updates
					&& stored.acknowledgements().isEmpty();
		}

		private void step() {
			switch (this.random.nextInt(13)) {
				case 0, 1, 2 -> this.application.receive();
				case 3, 4, 5, 6 -> this.application.deliver();
				case 7, 8 -> this.application.save();
				case 9 -> this.application.acknowledge();
				case 10 -> failStore();
				case 11 -> loseWrite();
				default -> {
					if (this.random.nextInt(10) == 0) {
						crash();
					}
				}
			}
		}

		private void failStore() {
			this.store.losesAnswers = this.random.nextBoolean();
			this.store.failure = this.random.nextInt(4) == 0 ? new IllegalStateException("down") : null;
			this.application.save();
			this.store.failure = null;
		}

		/**
		 * A store that fails over may not have the last write.
		 */
		private void loseWrite() {
			int writes = this.store.saved.size();
			if (writes < 2 || this.random.nextInt(5) > 0) {
				return;
			}
			Checkpoint last = stored();
			Checkpoint before = this.format.read(this.store.saved.get(writes - 2), "memory");
			if (last.writer().equals(before.writer())) {
				this.store.content = this.store.saved.get(writes - 2);
			}
		}

		private void crash() {
			this.application = new Application();
		}

		/**
		 * What is stored never lies, at any moment.
		 */
		private void check() {
			Checkpoint stored = stored();
			long position = (stored.position() != null) ? stored.position() : 0;
			for (long covered = 1; covered <= position; covered++) {
				assertThat(this.deliveries).as("below the position everything is delivered").containsKey(covered);
				if (requiresAcknowledgement(covered)) {
					assertThat(
							this.taken.contains(taskOf(covered)) || stored.acknowledgements().contains(taskOf(covered)))
						.as("no acknowledgement is forgotten")
						.isTrue();
				}
			}
		}

		private Checkpoint stored() {
			String content = this.store.content;
			assertThat(content).isNotNull();
			return this.format.read(content, "memory");
		}

		private static boolean requiresAcknowledgement(long position) {
			return position % 3 == 0;
		}

		private static String taskOf(long position) {
			return "task " + position;
		}

		/**
		 * What a crash takes away.
		 */
		private final class Application implements CheckpointObserver {

			private final DeliveryQueue queue = (World.this.threads > 1)
					? DeliveryQueue.inLanes(50, 1_000_000, 1, System::nanoTime)
					: DeliveryQueue.serial(50, 1_000_000, System::nanoTime);

			private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

			private final Checkpointer checkpointer = new Checkpointer("test", World.this.store, Duration.ofSeconds(1),
					5, () -> this.time, (taskId, done) -> onDurable(taskId), this, Clock.systemUTC(),
					() -> this.time.now(TimeUnit.NANOSECONDS), 0);

			private final List<PendingUpdate> inHand = new ArrayList<>();

			private final List<String> toAcknowledge = new ArrayList<>();

			private long received;

			private boolean delivering;

			Application() {
				World.this.store.meanwhile = null;
				this.queue.progressListener(this.checkpointer);
				ResumePoint point = this.checkpointer.open(BASE_URL, () -> Instant.EPOCH);
				this.checkpointer.start();
				this.received = (point.position() != null) ? point.position() : 0;
				this.queue.restart(point.position());
				this.toAcknowledge.addAll(point.acknowledgements());
			}

			void receive() {
				if (!this.queue.hasRoom() || this.received == World.this.updates) {
					return;
				}
				long position = ++this.received;
				TaskEnd end = new TaskEnd(
						new UpdateHeader(UpdateType.TASK_END, taskOf(position), null, null, null, null, position, false,
								Map.of()),
						TaskContext.of(taskOf(position)), null, null, requiresAcknowledgement(position));
				this.queue.add(List.of(new PendingUpdate(end, 100)), position);
			}

			void deliver() {
				// Virtual time saves on the thread that delivers, which threads do not
				if (this.delivering) {
					return;
				}
				this.delivering = true;
				takeAndFinish();
				this.delivering = false;
			}

			private void takeAndFinish() {
				if (this.inHand.size() < World.this.threads) {
					PendingUpdate next = TestDelivery.take(this.queue);
					if (next != null) {
						this.inHand.add(next);
					}
				}
				if (!this.inHand.isEmpty() && World.this.random.nextBoolean()) {
					finish(this.inHand.remove(World.this.random.nextInt(this.inHand.size())));
				}
			}

			private void finish(PendingUpdate update) {
				Long position = update.update().position();
				assertThat(position).isNotNull();
				World.this.deliveries.merge(position, 1, Integer::sum);
				TestDelivery.acknowledgeOnceDurable(update);
				TestDelivery.done(this.queue, update);
			}

			void save() {
				World.this.store.meanwhile = World.this.random.nextBoolean() ? this::deliver : null;
				this.time.advanceTimeBy(Duration.ofMinutes(1));
			}

			void acknowledge() {
				if (!this.toAcknowledge.isEmpty()) {
					String taskId = this.toAcknowledge.remove(World.this.random.nextInt(this.toAcknowledge.size()));
					World.this.taken.add(taskId);
					this.checkpointer.acknowledged(taskId);
				}
			}

			private void onDurable(String taskId) {
				if (World.this.random.nextInt(10) == 0) {
					throw new OutOfMemoryError("in a test");
				}
				assertThat(World.this.store.saved).as("an acknowledgement is durable before it is sent")
					.anyMatch((saved) -> saved.contains("\"" + taskId + "\""));
				this.toAcknowledge.add(taskId);
			}

			@Override
			public void onSaved() {
				// The delivery checks automatically
			}

			@Override
			public void onSuperseded() {
				assertThat(World.this.application).as("no other instance writes").isNotSameAs(this);
			}

		}

	}

}
