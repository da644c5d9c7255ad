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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The body of a call, or why it was not read.
 *
 * @param failure the status of the answer; 0 when all was read
 * @param text the body, or the reason of the failure
 */
record RequestBody(int failure, String text) {

	/** A client that sends less for longer than the request timeout is too slow. */
	private static final long MIN_BYTES_PER_SECOND = 4096;

	/**
	 * Read a body, no further than the limits allow.
	 */
	static RequestBody read(Exchange exchange, EmulatorLimits limits) throws IOException {
		if (exchange.length() > limits.bodySize()) {
			return tooLarge(limits);
		}
		exchange.connection().idleTimeout(limits.requestTimeout());
		long start = System.nanoTime();
		InputStream content = exchange.content();
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		byte[] buffer = new byte[8192];
		int count = content.read(buffer);
		while (count >= 0) {
			body.write(buffer, 0, count);
			if (body.size() > limits.bodySize()) {
				return tooLarge(limits);
			}
			long allowed = limits.requestTimeout().toNanos() + body.size() * (1_000_000_000L / MIN_BYTES_PER_SECOND);
			if (System.nanoTime() - start > allowed) {
				return new RequestBody(408, "The request is sent too slowly");
			}
			count = content.read(buffer);
		}
		exchange.connection().idleTimeout(Duration.ZERO);
		return new RequestBody(0, body.toString(StandardCharsets.UTF_8));
	}

	private static RequestBody tooLarge(EmulatorLimits limits) {
		return new RequestBody(413, "Larger than the limit of " + limits.bodySize() + " bytes");
	}

}
