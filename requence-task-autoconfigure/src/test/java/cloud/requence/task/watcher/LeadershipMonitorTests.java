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

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import cloud.requence.task.Leadership;
import cloud.requence.task.SwitchableLeadership;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LeadershipMonitor}, in virtual time.
 */
@ExtendWith(OutputCaptureExtension.class)
class LeadershipMonitorTests {

	private static final Duration PERIOD = Duration.ofSeconds(2);

	private static final WatcherSettings SETTINGS = new WatcherSettings("test", true, 0, Duration.ZERO, PERIOD);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final SwitchableLeadership leadership = new SwitchableLeadership();

	private final AtomicBoolean watches = new AtomicBoolean();

	private final AtomicInteger changes = new AtomicInteger();

	private LeadershipMonitor monitor;

	@BeforeEach
	void start() {
		this.monitor = monitor(this.leadership);
	}

	private LeadershipMonitor monitor(Leadership followed) {
		LeadershipMonitor created = new LeadershipMonitor(SETTINGS, followed, this.watches::get,
				this.changes::incrementAndGet, () -> this.time.now(TimeUnit.NANOSECONDS));
		created.start(this.time);
		return created;
	}

	private void advance(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

	@Test
	void reportsChangesThatTheElectionDoesNotReport() {
		this.leadership.setSilently(true);
		advance(PERIOD);
		assertThat(this.changes).hasValue(1);
		this.leadership.setSilently(false);
		advance(PERIOD);
		assertThat(this.changes).hasValue(2);
	}

	@Test
	void reportsChangesAtOnceIfTheElectionDoes() {
		this.leadership.set(true);
		assertThat(this.changes).hasValue(1);
	}

	@Test
	void relinquishesWhatIsNotUsed(CapturedOutput output) {
		this.leadership.set(true);
		advance(LeadershipMonitor.PATIENCE);
		assertThat(this.leadership.relinquished()).isZero();
		advance(PERIOD);
		assertThat(this.leadership.relinquished()).isOne();
		assertThat(output).contains("relinquishes the leadership");
		this.leadership.set(true);
		advance(LeadershipMonitor.PATIENCE.plus(PERIOD.multipliedBy(2)));
		assertThat(this.leadership.relinquished()).isEqualTo(2);
	}

	@Test
	void keepsWhatIsUsed() {
		this.leadership.set(true);
		advance(Duration.ofSeconds(20));
		this.watches.set(true);
		advance(Duration.ofHours(1));
		this.watches.set(false);
		advance(Duration.ofSeconds(20));
		assertThat(this.leadership.relinquished()).isZero();
	}

	@Test
	void countsALeadershipThatIsUnknownAsLost(CapturedOutput output) {
		this.monitor.stop();
		AtomicBoolean fails = new AtomicBoolean();
		Leadership failing = new Leadership() {

			@Override
			public boolean isLeader() {
				if (fails.get()) {
					throw new NoClassDefFoundError("gone");
				}
				return true;
			}

			@Override
			public void addListener(Runnable listener) {
				// Reports nothing
			}

			@Override
			public void removeListener(Runnable listener) {
				throw new IllegalStateException("cannot");
			}

			@Override
			public void relinquish() {
				throw new IllegalStateException("cannot");
			}

		};
		LeadershipMonitor other = new LeadershipMonitor(SETTINGS, failing, this.watches::get,
				this.changes::incrementAndGet, () -> this.time.now(TimeUnit.NANOSECONDS));
		assertThat(other.isLeader()).isTrue();
		fails.set(true);
		assertThat(other.isLeader()).isFalse();
		assertThat(other.isLeader()).isFalse();
		other.relinquish();
		assertThat(output.toString().split("counts as lost")).hasSize(2);
	}

	@Test
	void leavesNothingBehind() {
		this.monitor.stop();
		assertThat(this.leadership.listeners()).isEmpty();
		assertThat(this.time.isDisposed()).isTrue();
	}

}
