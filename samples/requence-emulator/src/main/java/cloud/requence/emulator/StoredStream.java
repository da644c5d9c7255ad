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

package cloud.requence.emulator;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * A byte stream with one writer and any number of readers, each at its own place. Safe
 * for use by any thread.
 */
final class StoredStream implements StoredContent {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final String id;

	private final Path path;

	private final String mime;

	private final long limit;

	private final OutputStream out;

	private long length;

	private boolean taken;

	private boolean over;

	private @Nullable String truncation;

	private StoredStream(String id, Path path, String mime, long limit, OutputStream out) {
		this.id = id;
		this.path = path;
		this.mime = mime;
		this.limit = limit;
		this.out = out;
	}

	static StoredStream create(String id, Path path, String mime, long limit) throws IOException {
		return new StoredStream(id, path, mime, limit, Files.newOutputStream(path, StandardOpenOption.CREATE_NEW));
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public Path path() {
		return this.path;
	}

	@Override
	public String mime() {
		return this.mime;
	}

	/**
	 * Return how many bytes clients may write.
	 */
	long limit() {
		return this.limit;
	}

	/**
	 * Become the writer.
	 * @return whether there was none before
	 */
	boolean take() {
		this.lock.lock();
		try {
			boolean free = !this.taken && !this.over;
			this.taken = true;
			return free;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Write some bytes.
	 * @return whether the stream was not over
	 */
	boolean write(byte[] bytes, int count) throws IOException {
		this.lock.lock();
		try {
			if (this.over) {
				return false;
			}
			this.out.write(bytes, 0, count);
			this.length += count;
			this.changed.signalAll();
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	void end() {
		finish(null);
	}

	void truncate(String reason) {
		finish(reason);
	}

	/**
	 * Return how many bytes there are behind a position, waiting a while for the first.
	 * @return how many; less than 0 when no more will come
	 */
	long await(long position, long nanos) throws InterruptedException {
		this.lock.lock();
		try {
			long left = nanos;
			while (this.length <= position && !this.over && left > 0) {
				left = this.changed.awaitNanos(left);
			}
			return (this.over && this.length <= position) ? -1 : this.length - position;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return why the stream broke off; {@code null} if it did not.
	 */
	@Nullable String truncation() {
		this.lock.lock();
		try {
			return this.truncation;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void finish(@Nullable String reason) {
		this.lock.lock();
		try {
			if (this.over) {
				return;
			}
			this.over = true;
			this.truncation = reason;
			this.out.close();
		}
		catch (IOException ex) {
			this.truncation = ex.toString();
		}
		finally {
			this.changed.signalAll();
			this.lock.unlock();
		}
	}

}
