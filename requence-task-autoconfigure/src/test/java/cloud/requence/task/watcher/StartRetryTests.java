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
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartRetry}.
 */
class StartRetryTests {

	private final AtomicLong nanos = new AtomicLong();

	private final StartRetry retry = new StartRetry(
			new WatcherSettings("test", true, 0, Duration.ZERO, Duration.ofSeconds(2)), Clock.systemUTC(),
			this.nanos::get);

	private void advance(Duration duration) {
		this.nanos.addAndGet(duration.toNanos());
	}

	@Test
	void isDueAtOnceAndAfterADelay() {
		this.retry.begin();
		assertThat(this.retry.isDue()).isTrue();
		this.retry.failed(new IllegalStateException("test"));
		assertThat(this.retry.isDue()).isFalse();
		advance(StartRetry.DELAY.minusNanos(1));
		assertThat(this.retry.isDue()).isFalse();
		advance(Duration.ofNanos(1));
		assertThat(this.retry.isDue()).isTrue();
	}

	@Test
	void isDueWhenTheCauseMayBeGone() {
		this.retry.begin();
		this.retry.failed(new IllegalStateException("test"));
		this.retry.tryAgainNow();
		assertThat(this.retry.isDue()).isTrue();
		assertThat(this.retry.isFirst()).isFalse();
	}

	@Test
	void isBlockedSinceTheBeginningUntilItSucceeds() {
		assertThat(this.retry.blockedSince()).isNull();
		this.retry.begin();
		Instant since = this.retry.blockedSince();
		assertThat(since).isNotNull();
		this.retry.failed(new IllegalStateException("test"));
		this.retry.blocked();
		assertThat(this.retry.blockedSince()).isEqualTo(since);
		this.retry.succeeded();
		assertThat(this.retry.blockedSince()).isNull();
		assertThat(this.retry.isFirst()).isTrue();
	}

	@Test
	void staysBlockedWhileItStandsByForAMoment() {
		this.retry.begin();
		this.retry.failed(new IllegalStateException("test"));
		this.retry.standBy();
		assertThat(this.retry.blockedSince()).isNotNull();
		assertThat(this.retry.isFirst()).isTrue();
		assertThat(this.retry.isDue()).isTrue();
		this.retry.unblocked();
		assertThat(this.retry.blockedSince()).isNull();
	}

}
