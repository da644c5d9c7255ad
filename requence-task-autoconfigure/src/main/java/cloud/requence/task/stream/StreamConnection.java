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

/**
 * A connection that was asked for. Both methods may be called from any thread.
 */
public interface StreamConnection {

	/**
	 * Read on. Nothing is read beyond what was asked for, so that the platform is slowed
	 * down to the pace of the reader.
	 * @param reads how many more times the listener takes bytes
	 */
	void request(long reads);

	/**
	 * Close the connection, whatever state it is in. Its listener hears no more of it.
	 */
	void close();

}
