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
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A payload of which no more is kept than a board can afford.
 *
 * @param kept the payload or, if that was too large, its beginning
 * @param size the size of the whole payload in bytes
 * @param version differs from that of the payload that was in this place before
 */
public record KeptPayload(TaskPayload kept, int size, long version) {

	public static @Nullable KeptPayload of(@Nullable TaskPayload payload, int maxSize, long version) {
		if (payload == null) {
			return null;
		}
		if (payload.size() <= maxSize) {
			return new KeptPayload(payload, payload.size(), version);
		}
		// At most three bytes of UTF-8 for each character
		return new KeptPayload(TaskPayload.of(BoundedText.limit(payload.json(), maxSize / 3)), payload.size(), version);
	}

	/**
	 * Return this payload as the beginning of a larger one, of which no more is known.
	 * @param size the size of the whole payload in bytes
	 * @return the payload
	 */
	public KeptPayload ofAtLeast(int size) {
		return (size > this.size) ? new KeptPayload(this.kept, size, this.version) : this;
	}

	public boolean isTruncated() {
		return this.kept.size() < this.size;
	}

	public View view() {
		return new View(this.kept.json(), this.size, isTruncated());
	}

	public Summary summary() {
		return new Summary(this.size, isTruncated(), this.version, this.kept);
	}

	private static List<PayloadReference> references(TaskPayload payload) {
		try {
			return PayloadReference.in(payload);
		}
		catch (TaskPayloadException ex) {
			return List.of();
		}
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
			return this.truncated ? List.of() : KeptPayload.references(TaskPayload.of(this.text));
		}

	}

	/**
	 * What a browser has to know of a payload that it does not show.
	 *
	 * @param size the size of the whole payload in bytes
	 * @param truncated whether only the beginning is kept
	 * @param version differs from that of the payload that was in this place before
	 * @param kept the payload or its beginning
	 */
	public record Summary(int size, boolean truncated, long version, @JsonIgnore TaskPayload kept) {

		/**
		 * Return whether files, streams or large values belong to it.
		 */
		@JsonProperty
		boolean files() {
			return !this.truncated && !KeptPayload.references(this.kept).isEmpty();
		}

	}

}
