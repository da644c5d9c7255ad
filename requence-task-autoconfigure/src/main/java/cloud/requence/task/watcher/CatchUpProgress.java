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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import cloud.requence.task.TaskWatcherStatus.CatchUp;
import cloud.requence.task.support.LogText;

/**
 * Follows a watcher that is behind: how fast it comes nearer, and how long that will
 * take. Guarded by the supervisor.
 */
final class CatchUpProgress {

	private static final Log logger = LogFactory.getLog(CatchUpProgress.class);

	private static final Duration WINDOW = Duration.ofSeconds(10);

	private static final double LEAST_SPEED = 1.05;

	private final String watcher;

	private final UpdatePipeline pipeline;

	private final Clock clock;

	private final LongSupplier nanoTime;

	private final ArrayDeque<Sample> samples = new ArrayDeque<>();

	private @Nullable Instant since;

	private long newUpdatesBefore;

	private long told;

	private boolean everTold;

	private @Nullable CatchUp current;

	CatchUpProgress(String watcher, UpdatePipeline pipeline, Clock clock, LongSupplier nanoTime) {
		this.watcher = watcher;
		this.pipeline = pipeline;
		this.clock = clock;
		this.nanoTime = nanoTime;
	}

	/**
	 * Return how far the watcher is.
	 * @return {@code null} if it is not behind, or nothing is known yet
	 */
	@Nullable CatchUp current() {
		return this.current;
	}

	void begin() {
		this.since = this.clock.instant();
		this.newUpdatesBefore = this.pipeline.reporter().newUpdates();
		this.told = this.nanoTime.getAsLong();
		this.everTold = false;
		this.current = null;
		this.samples.clear();
	}

	/**
	 * The watcher is up to date, or has lost its connection.
	 */
	void end(boolean caughtUp) {
		if (caughtUp && this.everTold && this.since != null) {
			logger.info(LogText.watcher(this.watcher) + " has caught up: " + number(updates()) + " updates in "
					+ text(Duration.between(this.since, this.clock.instant())));
		}
		this.since = null;
		this.current = null;
		this.samples.clear();
	}

	void check() {
		Instant begin = this.since;
		Instant newest = this.pipeline.lastTimestamp();
		if (begin == null || newest == null || updates() == 0) {
			return;
		}
		Sample sample = new Sample(this.nanoTime.getAsLong(), this.pipeline.reporter().newUpdates(), newest);
		this.samples.add(sample);
		while (sample.nanos() - this.samples.element().nanos() > WINDOW.toNanos()) {
			this.samples.remove();
		}
		this.current = progress(begin, this.samples.element(), sample);
		if (sample.nanos() - this.told >= WINDOW.toNanos()) {
			this.told = sample.nanos();
			this.everTold = true;
			logger.info(LogText.watcher(this.watcher) + " is catching up: " + text(this.current));
		}
	}

	private long updates() {
		return this.pipeline.reporter().newUpdates() - this.newUpdatesBefore;
	}

	private CatchUp progress(Instant begin, Sample first, Sample last) {
		Duration age = Duration.between(last.newest(), this.clock.instant());
		Duration behind = age.isNegative() ? Duration.ZERO : age;
		double seconds = Math.max(1, last.nanos() - first.nanos()) / 1e9;
		double rate = (last.newUpdates() - first.newUpdates()) / seconds;
		double speed = Duration.between(first.newest(), last.newest()).toMillis() / 1000.0 / seconds;
		Duration remaining = (speed >= LEAST_SPEED) ? Duration.ofMillis((long) (behind.toMillis() / (speed - 1)))
				: null;
		return new CatchUp(begin, updates(), behind, rate, remaining);
	}

	private static String text(CatchUp progress) {
		Duration remaining = progress.remaining();
		return number(progress.updates()) + " updates so far, the newest is " + text(progress.behind()) + " old, "
				+ number(Math.round(progress.updatesPerSecond())) + " a second"
				+ ((remaining != null) ? ", about " + text(remaining) + " left" : ", and it does not come nearer");
	}

	private static String number(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

	private static String text(Duration duration) {
		if (duration.toHours() > 0) {
			return duration.toHours() + " h " + duration.toMinutesPart() + " min";
		}
		return (duration.toMinutes() > 0) ? duration.toMinutes() + " min " + duration.toSecondsPart() + " s"
				: duration.toSeconds() + " s";
	}

	private record Sample(long nanos, long newUpdates, Instant newest) {

	}

}
