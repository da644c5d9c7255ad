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

import java.util.List;

import cloud.requence.samples.dashboard.text.BoundedText;
import cloud.requence.task.TaskPayload;
import cloud.requence.task.TaskPayloadException;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A payload of which no more is kept than a board can afford.
 *
 * @param kept the payload or, if that was too large, its beginning
 * @param size the size of the whole payload in bytes
 */
public record KeptPayload(TaskPayload kept, int size) {

	public static @Nullable KeptPayload of(@Nullable TaskPayload payload, int maxSize) {
		if (payload == null) {
			return null;
		}
		if (payload.size() <= maxSize) {
			return new KeptPayload(payload, payload.size());
		}
		// At most three bytes of UTF-8 for each character
		return new KeptPayload(TaskPayload.of(BoundedText.limit(payload.json(), maxSize / 3)), payload.size());
	}

	boolean isTruncated() {
		return this.kept.size() < this.size;
	}

	public View view() {
		return new View(this.kept.json(), this.size, isTruncated());
	}

	/**
	 * What a browser sees of a payload.
	 *
	 * @param text the JSON as it came, or its beginning
	 * @param size the size of the whole payload in bytes
	 * @param truncated whether the text is only the beginning
	 */
	public record View(String text, int size, boolean truncated) {

		/**
		 * Return what lives elsewhere. Nothing is fetched for that.
		 * @return the references
		 */
		@JsonProperty
		List<PayloadReference> references() {
			try {
				return this.truncated ? List.of() : PayloadReference.in(TaskPayload.of(this.text));
			}
			catch (TaskPayloadException ex) {
				return List.of();
			}
		}

	}

}
