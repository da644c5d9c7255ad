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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionTimers}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionTimersTests {

	@Test
	void anAttemptAfterTheStopIsNoTrouble(CapturedOutput output) {
		Scheduler scheduler = Schedulers.newSingle("stopped");
		ConnectionTimers timers = new ConnectionTimers("invoices", System::nanoTime);
		timers.start(scheduler.createWorker());
		scheduler.dispose();
		timers.scheduleNext(() -> {
		}, Duration.ofSeconds(1));
		assertThat(timers.isNextScheduled()).isFalse();
		assertThat(output).doesNotContain("nothing can be scheduled");
	}

}
