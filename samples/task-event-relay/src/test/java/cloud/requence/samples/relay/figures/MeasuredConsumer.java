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

package cloud.requence.samples.relay.figures;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

import cloud.requence.samples.consumer.ConsumerApplication;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;

import cloud.requence.task.TaskUpdate;

/**
 * A consumer whose listener waits for some milliseconds, as for a database, and appends
 * to a file when it has handled which update.
 */
class MeasuredConsumer {

	private final Path file;

	private final long workNanos;

	MeasuredConsumer(@Value("${figures.file}") Path file, @Value("${figures.work}") long workMillis) {
		this.file = file;
		this.workNanos = workMillis * 1_000_000;
	}

	public static void main(String[] args) {
		ConsumerApplication.application().sources(MeasuredConsumer.class).run(args);
	}

	@EventListener
	void handle(TaskUpdate update) throws IOException {
		if (this.workNanos > 0) {
			LockSupport.parkNanos(this.workNanos);
		}
		long sent = (update.timestamp() != null) ? update.timestamp().toEpochMilli() : 0;
		Files.write(this.file, (update.position() + " " + sent + " " + System.currentTimeMillis() + "\n")
			.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.APPEND);
	}

}
