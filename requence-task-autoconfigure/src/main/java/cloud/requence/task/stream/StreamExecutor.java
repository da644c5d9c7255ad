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

import java.util.concurrent.Executor;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Runs the tasks of a client that serves one stream. Those that connect may wait, for a
 * name server or for what the application does with a response, and run on other threads.
 * Once the body comes they only read and decode: they run on the thread of the client
 * that has received the bytes, which saves waking another one for each read.
 */
final class StreamExecutor implements Executor {

	private static final Log logger = LogFactory.getLog(StreamExecutor.class);

	private final Executor connecting;

	private volatile boolean started;

	StreamExecutor(Executor connecting) {
		this.connecting = connecting;
	}

	/**
	 * The body has begun to come.
	 */
	void started() {
		if (!this.started) {
			this.started = true;
		}
	}

	@Override
	public void execute(Runnable task) {
		if (this.started) {
			run(task);
		}
		else {
			this.connecting.execute(task);
		}
	}

	/**
	 * The thread is not that of a pool, which would be replaced.
	 */
	private static void run(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			logger.error("Reading a stream has failed", ex);
		}
	}

}
