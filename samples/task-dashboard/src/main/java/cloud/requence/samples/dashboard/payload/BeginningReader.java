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

package cloud.requence.samples.dashboard.payload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import cloud.requence.samples.dashboard.web.Problems;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Reads the beginning of a file or a stream. As a stream may still be written, it does
 * not wait for long.
 */
final class BeginningReader {

	private static final int MAX_TEXT = 64 * 1024;

	private static final Duration PATIENCE = Duration.ofSeconds(3);

	private final TaskContent content;

	private final byte[] bytes;

	private final Scheduler scheduler;

	// Written by the thread that reads, read by the one that loses patience
	private volatile int length;

	private BeginningReader(TaskContent content, Scheduler scheduler) {
		this.content = content;
		this.scheduler = scheduler;
		this.bytes = new byte[isText(content) ? MAX_TEXT : 1];
	}

	/**
	 * Read the beginning.
	 * @param content what to read
	 * @param scheduler the threads that may wait for it
	 * @return the beginning; fails if the content cannot be opened
	 */
	static Mono<FileBeginning> read(TaskContent content, Scheduler scheduler) {
		return Mono.defer(() -> new BeginningReader(content, scheduler).read());
	}

	private static boolean isText(TaskContent content) {
		return ContentKind.of(content.mime()) == ContentKind.TEXT;
	}

	private Mono<FileBeginning> read() {
		return Mono.using(this.content::open,
				(stream) -> Mono.fromCallable(() -> readFrom(stream))
					.subscribeOn(this.scheduler)
					.timeout(PATIENCE, Mono.fromSupplier(() -> beginning(FileBeginning.End.OPEN, null))),
				this::close);
	}

	private FileBeginning readFrom(InputStream stream) {
		try {
			for (int read = 0; read < this.bytes.length; this.length = read) {
				int count = stream.read(this.bytes, read, this.bytes.length - read);
				if (count < 0) {
					return beginning(FileBeginning.End.COMPLETE, null);
				}
				read += count;
			}
			return beginning(FileBeginning.End.MORE, null);
		}
		catch (IOException | RuntimeException ex) {
			// Not thrown: after a timeout it would not be caught
			return beginning(FileBeginning.End.BROKEN, Problems.describe(ex));
		}
	}

	private void close(InputStream stream) {
		try {
			stream.close();
		}
		catch (IOException ex) {
			// It was read as far as it is needed
		}
	}

	private FileBeginning beginning(FileBeginning.End end, @Nullable String problem) {
		return new FileBeginning(isText(this.content) ? decode(this.length) : null, end, problem);
	}

	private String decode(int length) {
		CharBuffer text = CharBuffer.allocate(length);
		// A character that is cut off at the end is left out
		StandardCharsets.UTF_8.newDecoder()
			.onMalformedInput(CodingErrorAction.REPLACE)
			.onUnmappableCharacter(CodingErrorAction.REPLACE)
			.decode(ByteBuffer.wrap(this.bytes, 0, length), text, false);
		return text.flip().toString();
	}

}
