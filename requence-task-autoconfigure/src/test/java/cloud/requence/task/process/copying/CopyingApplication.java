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

package cloud.requence.task.process.copying;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.event.EventListener;
import org.springframework.core.io.AbstractResource;
import org.springframework.http.MediaType;

import cloud.requence.task.TaskEnd;
import cloud.requence.task.TaskFile;
import cloud.requence.task.TaskStream;
import cloud.requence.task.client.TaskClient;
import cloud.requence.task.client.TaskUpload;

/**
 * Creates a task with large values, reads them when they come back as its result, and
 * writes down whether they are the same.
 */
@SpringBootApplication(exclude = DataSourceAutoConfiguration.class)
public class CopyingApplication implements ApplicationRunner {

	private final TaskClient client;

	private final Path report;

	private final long size;

	CopyingApplication(TaskClient client, @Value("${report}") Path report, @Value("${copy.size}") long size) {
		this.client = client;
		this.report = report;
		this.size = size;
	}

	public static void main(String[] args) {
		SpringApplication.run(CopyingApplication.class, args);
	}

	@Override
	public void run(ApplicationArguments arguments) {
		this.client.create("copy", Map.of("file", new NumbersResource(this.size), "stream",
				TaskUpload.of(new Numbers(this.size), MediaType.APPLICATION_OCTET_STREAM)))
			.awaitStreams();
	}

	@EventListener
	void read(TaskEnd end) throws IOException {
		Values values = end.result().as(Values.class);
		String found = "file=%d stream=%d".formatted(matching(values.file().getInputStream()),
				matching(values.stream()));
		Files.writeString(this.report, found);
	}

	private long matching(InputStream content) throws IOException {
		try (content; Numbers expected = new Numbers(this.size)) {
			byte[] buffer = new byte[64 * 1024];
			long count = 0;
			int read = content.readNBytes(buffer, 0, buffer.length);
			while (read > 0) {
				int same = Arrays.mismatch(buffer, 0, read, expected.readNBytes(read), 0, read);
				if (same >= 0) {
					return -1 - count;
				}
				count += read;
				read = content.readNBytes(buffer, 0, buffer.length);
			}
			return count;
		}
	}

	/**
	 * What comes back.
	 *
	 * @param file the file
	 * @param stream the stream
	 */
	record Values(TaskFile file, TaskStream stream) {

	}

	/**
	 * A file of numbers.
	 */
	private static final class NumbersResource extends AbstractResource {

		private final long size;

		NumbersResource(long size) {
			this.size = size;
		}

		@Override
		public long contentLength() {
			return this.size;
		}

		@Override
		public String getDescription() {
			return "numbers";
		}

		@Override
		public InputStream getInputStream() {
			return new Numbers(this.size);
		}

	}

	/**
	 * The digits of a sequence that does not repeat for long.
	 */
	private static final class Numbers extends InputStream {

		private long left;

		private long state = 1;

		Numbers(long size) {
			this.left = size;
		}

		@Override
		public int read() {
			if (this.left <= 0) {
				return -1;
			}
			this.left--;
			this.state = this.state * 6364136223846793005L + 1442695040888963407L;
			return (int) (this.state >>> 56) & 0xff;
		}

	}

}
