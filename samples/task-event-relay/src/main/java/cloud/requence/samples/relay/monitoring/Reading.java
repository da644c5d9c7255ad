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

package cloud.requence.samples.relay.monitoring;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is known at the moment.
 *
 * @param state the last state that was read; {@code null} before the first
 * @param failure why the state is not that of now; {@code null} if it is
 */
public record Reading(@Nullable TopicState state, @Nullable Failure failure) {

	/**
	 * Why the broker cannot be read.
	 *
	 * @param since when it failed for the first time
	 * @param reason what it is, in words
	 */
	public record Failure(Instant since, String reason) {

	}

}
