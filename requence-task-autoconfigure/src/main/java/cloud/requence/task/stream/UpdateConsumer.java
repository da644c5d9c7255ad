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

import org.jspecify.annotations.Nullable;

/**
 * Takes what an {@link UpdateReader} finds in a stream, synchronously and in the order of
 * the stream.
 */
public interface UpdateConsumer {

	/**
	 * Take an update. An event whose update fails here counts as undecodable.
	 * @param update the update
	 */
	void onUpdate(RawUpdate update);

	/**
	 * Called for an event that is no update of a task, such as a heartbeat.
	 * @param position the position of the event; {@code null} if it had none
	 */
	void onIgnored(@Nullable Long position);

	/**
	 * Called for an event that cannot be decoded.
	 * @param position the position of the event; {@code null} if it had none
	 * @param update whether its type is one of those that updates have
	 * @param problem the kind of problem
	 * @param reason the problem, without content of the event
	 */
	void onUndecodable(@Nullable Long position, boolean update, String problem, String reason);

	/**
	 * Called for an event that was skipped because it exceeds the maximum size.
	 * @param position the position of the event; {@code null} if it had none
	 * @param size the size of the event in bytes
	 */
	void onOversized(@Nullable Long position, long size);

	/**
	 * Take the reconnection time that the platform asks for.
	 * @param millis the time in milliseconds, zero or more;
	 * {@value java.lang.Long#MAX_VALUE} stands for anything larger
	 */
	void onRetry(long millis);

}
