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

import java.io.IOException;
import java.io.InputStream;

/**
 * Base class of streams that check what they read from another stream.
 */
abstract class BodyInputStream extends InputStream {

	private final InputStream source;

	BodyInputStream(InputStream source) {
		this.source = source;
	}

	InputStream source() {
		return this.source;
	}

	@Override
	public int read() throws IOException {
		byte[] single = new byte[1];
		return (read(single, 0, 1) < 0) ? -1 : single[0] & 0xff;
	}

	@Override
	public abstract int read(byte[] bytes, int offset, int length) throws IOException;

	@Override
	public void close() throws IOException {
		this.source.close();
	}

}
