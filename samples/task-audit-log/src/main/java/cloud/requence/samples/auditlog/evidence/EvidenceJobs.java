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

package cloud.requence.samples.auditlog.evidence;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/**
 * Runs what is due at an interval, in the instance that leads.
 */
final class EvidenceJobs implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(EvidenceJobs.class);

	private final BooleanSupplier leader;

	private final Job[] jobs;

	// Read by the jobs as well
	private volatile @Nullable ThreadPoolTaskScheduler scheduler;

	EvidenceJobs(BooleanSupplier leader, Job... jobs) {
		this.leader = leader;
		this.jobs = jobs;
	}

	@Override
	public synchronized void start() {
		if (this.scheduler != null) {
			return;
		}
		ThreadPoolTaskScheduler started = new ThreadPoolTaskScheduler();
		// A long verification does not delay anchors
		started.setPoolSize(2);
		started.setThreadNamePrefix("audit-evidence-");
		// All work is in transactions: none is lost if it is interrupted
		started.setWaitForTasksToCompleteOnShutdown(false);
		started.setAwaitTerminationSeconds(5);
		started.initialize();
		for (Job job : this.jobs) {
			ScheduledFuture<?> unused = started.scheduleWithFixedDelay(() -> run(job), job.interval());
		}
		this.scheduler = started;
	}

	private void run(Job job) {
		if (!this.leader.getAsBoolean()) {
			return;
		}
		try {
			job.work().run();
		}
		catch (Exception ex) {
			if (this.scheduler != null) {
				logger.warn("{} failed and is tried again in {}", job.name(), job.interval(), ex);
			}
		}
	}

	@Override
	public synchronized void stop() {
		ThreadPoolTaskScheduler stopped = this.scheduler;
		if (stopped != null) {
			this.scheduler = null;
			stopped.shutdown();
		}
	}

	@Override
	public boolean isRunning() {
		return this.scheduler != null;
	}

	/**
	 * Something that is due at an interval.
	 *
	 * @param name what the log calls it
	 * @param interval the time from its end to its next start
	 * @param work what it does
	 */
	record Job(String name, Duration interval, Work work) {
	}

	/**
	 * What a job does.
	 */
	@FunctionalInterface
	interface Work {

		/**
		 * Do it.
		 * @throws Exception if it cannot be done now
		 */
		void run() throws Exception;

	}

}
