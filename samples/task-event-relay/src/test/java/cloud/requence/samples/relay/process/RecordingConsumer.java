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

package cloud.requence.samples.relay.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import cloud.requence.samples.consumer.ConsumerApplication;
import cloud.requence.task.TaskUpdate;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;

/**
 * A consumer that appends what it handles to a file, which other processes append to as
 * well.
 */
class RecordingConsumer {

	private final Path file;

	RecordingConsumer(@Value("${recording.file}") Path file) {
		this.file = file;
	}

	public static void main(String[] args) {
		ConsumerApplication.application().sources(RecordingConsumer.class).run(args);
	}

	@EventListener
	void handle(TaskUpdate update) throws IOException {
		// One write of a short text, which is whole or missing after a kill
		Files.write(this.file, (update.position() + " " + update.taskId() + " " + System.currentTimeMillis() + "\n")
			.getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
	}

}
