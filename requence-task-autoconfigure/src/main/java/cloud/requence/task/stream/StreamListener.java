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

import java.nio.ByteBuffer;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Callback for the events of a {@link StreamConnection}. Called by one thread at a time,
 * but not always by the same one, and no more once the connection was closed by its
 * owner, except for a call that is under way.
 */
public interface StreamListener {

	/**
	 * The platform has answered with a stream. Nothing is read until the first
	 * {@link StreamConnection#request(long) request}.
	 */
	void onOpen();

	/**
	 * Bytes of the stream have come.
	 * @param bytes all that the client has read at once, in order; valid only during the
	 * call
	 */
	void onBytes(List<ByteBuffer> bytes);

	/**
	 * The connection has ended, or did not come about. The last call.
	 * @param failure why; {@code null} if the platform has ended the stream in order
	 */
	void onClosed(@Nullable ConnectionFailure failure);

}
