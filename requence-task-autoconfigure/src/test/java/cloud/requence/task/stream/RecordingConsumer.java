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

package cloud.requence.task.stream;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Writes down what a decoder finds.
 */
class RecordingConsumer implements SseFrameConsumer {

	final List<Recorded> frames = new ArrayList<>();

	final List<Long> retries = new ArrayList<>();

	final List<Oversized> oversized = new ArrayList<>();

	@Override
	public void onFrame(SseFrame frame) {
		this.frames.add(new Recorded(frame.lastEventId(), frame.type(), frame.data(), frame.position(), frame.size()));
	}

	@Override
	public void onRetry(long millis) {
		this.retries.add(millis);
	}

	@Override
	public void onOversized(@Nullable Long position, long size) {
		this.oversized.add(new Oversized(position, size));
	}

	record Recorded(String lastEventId, String type, String data, @Nullable Long position, int size) {

	}

	record Oversized(@Nullable Long position, long size) {

	}

}
