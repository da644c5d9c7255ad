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

package cloud.requence.task.reference;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads content of a known size: it fails at the end if there is less, and as soon as
 * there is more.
 */
final class ExactInputStream extends BodyInputStream {

	private final long size;

	private long count;

	ExactInputStream(InputStream source, long size) {
		super(source);
		this.size = size;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		int read = source().read(bytes, offset, length);
		counted((length > 0) ? read : 0);
		return read;
	}

	private void counted(int read) throws IOException {
		if (read < 0) {
			if (this.count < this.size) {
				throw new EOFException("The file has ended after " + this.count + " of " + this.size + " bytes");
			}
			return;
		}
		this.count += read;
		if (this.count > this.size) {
			throw new IOException("The file is longer than its " + this.size + " bytes");
		}
	}

}
