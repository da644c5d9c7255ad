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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How streams are written: allowed, but not what clients are used to.
 */
record StreamStyle(boolean byteWise, @Nullable Duration heartbeat, @Nullable Long retry, boolean bom, String lineEnding,
		long bytesPerSecond) {

	static final StreamStyle PLAIN = new StreamStyle(false, null, null, false, "\n", 0);

	StreamStyle withByteWise() {
		return new StreamStyle(true, this.heartbeat, this.retry, this.bom, this.lineEnding, this.bytesPerSecond);
	}

	StreamStyle withHeartbeat(Duration interval) {
		return new StreamStyle(this.byteWise, interval, this.retry, this.bom, this.lineEnding, this.bytesPerSecond);
	}

	StreamStyle withRetry(long millis) {
		return new StreamStyle(this.byteWise, this.heartbeat, millis, this.bom, this.lineEnding, this.bytesPerSecond);
	}

	StreamStyle withBom() {
		return new StreamStyle(this.byteWise, this.heartbeat, this.retry, true, this.lineEnding, this.bytesPerSecond);
	}

	StreamStyle withLineEnding(String ending) {
		return new StreamStyle(this.byteWise, this.heartbeat, this.retry, this.bom, ending, this.bytesPerSecond);
	}

	StreamStyle withBytesPerSecond(long rate) {
		return new StreamStyle(this.byteWise, this.heartbeat, this.retry, this.bom, this.lineEnding, rate);
	}

}
